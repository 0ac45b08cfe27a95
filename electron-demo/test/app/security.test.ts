import type { WebContents } from 'electron'
import { expect, test } from 'vitest'
import { describeApp } from '../helpers/describe-app.js'
import { useUsers } from '../helpers/users.js'
import { isSafeLink } from '../../src/shared/safe-link.js'

describeApp('the window', () => {
  const users = useUsers()

  test('is sandboxed, isolated and without Node', async () => {
    const anna = await users.open('anna')
    const preferences = await anna.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences (): Record<string, unknown> }
      const { contextIsolation, sandbox, nodeIntegration, nodeIntegrationInWorker, nodeIntegrationInSubFrames, webSecurity, webviewTag, allowRunningInsecureContent, experimentalFeatures } = contents.getLastWebPreferences()
      return { contextIsolation, sandbox, nodeIntegration, nodeIntegrationInWorker: nodeIntegrationInWorker ?? false, nodeIntegrationInSubFrames, webSecurity, webviewTag: webviewTag ?? false, allowRunningInsecureContent: allowRunningInsecureContent ?? false, experimentalFeatures: experimentalFeatures ?? false }
    })
    expect(preferences).toEqual({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false
    })
    expect(await anna.page.evaluate(() => ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].filter((name) => name in globalThis))).toEqual([])
  })

  test('can do what is named in the contract, and nothing else', async () => {
    const anna = await users.open('anna')
    const surface = await anna.page.evaluate(() => Object.entries(window.chat).map(([name, value]) => `${name}: ${typeof value}`).sort())
    expect(surface).toEqual([
      'app: object', 'copyText: function', 'exportDiagnostics: function', 'killEngine: function', 'openLink: function',
      'request: function', 'setBadge: function', 'setFocusedRoom: function', 'subscribe: function'
    ])
    expect(await anna.page.evaluate(() => Object.keys(window.chat.app).sort())).toEqual(['chromium', 'electron', 'locale', 'platform', 'profile', 'version'])
  })

  test('has a strict policy for its content, which a script in the page does not get past', async () => {
    const anna = await users.open('anna')
    const policies = await anna.page.evaluate(() => [...document.querySelectorAll('meta[http-equiv="Content-Security-Policy"]')].map((meta) => meta.getAttribute('content') ?? ''))
    expect(policies).toHaveLength(1)
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'none'", "base-uri 'none'", "object-src 'none'"]) expect(policies[0]).toContain(part)
    expect(policies[0]).not.toMatch(/unsafe|\*|https?:/)
    // Not by evaluate, which the policy does not apply to.
    const ran = await anna.page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.head.append(script)
      const reached = await fetch('app://chat/index.html').then(() => true, () => false)
      return { injected: 'injected' in window, reached }
    })
    expect(ran).toEqual({ injected: false, reached: false })
  })

  test('neither goes anywhere nor opens other windows', async () => {
    const anna = await users.open('anna')
    const seen = await anna.app.evaluate(async ({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0]
      const contents = window?.webContents
      if (contents === undefined) return undefined
      const attempts: Array<{ url: string, prevented: boolean }> = []
      contents.on('will-navigate', (event) => attempts.push({ url: event.url, prevented: event.defaultPrevented }))
      const attempt = async (code: string): Promise<void> => { await contents.executeJavaScript(code, true) }
      const opened = await contents.executeJavaScript('window.open("https://example.org") === null', true) as boolean
      await attempt('(() => { const a = document.createElement("a"); a.href = "https://example.org/link"; document.body.append(a); a.click() })()')
      await attempt('void (location.href = "https://example.org/location")')
      for (let turn = 0; turn < 200 && attempts.length < 2; turn++) await contents.executeJavaScript('0')
      return { opened, attempts, url: contents.getURL(), numWindows: BrowserWindow.getAllWindows().length }
    })
    expect(seen).toEqual({
      opened: true,
      attempts: [{ url: 'https://example.org/link', prevented: true }, { url: 'https://example.org/location', prevented: true }],
      url: 'app://chat/index.html',
      numWindows: 1
    })
  })

  test('is refused every permission', async () => {
    const anna = await users.open('anna')
    const granted = await anna.page.evaluate(async () => {
      const names = ['notifications', 'geolocation', 'camera', 'microphone', 'clipboard-read', 'midi'] as PermissionName[]
      const states = await Promise.all(names.map(async (name) => await navigator.permissions.query({ name }).then(({ state }) => state, () => 'denied')))
      return names.filter((_, index) => states[index] === 'granted')
    })
    expect(granted).toEqual([])
  })

  test('gets no file but its own out of its scheme', async () => {
    const anna = await users.open('anna')
    const statuses = await anna.app.evaluate(async ({ net }) => await Promise.all(
      ['app://chat/index.html', 'app://chat/../main.cjs', 'app://chat/%2e%2e/main.cjs', 'app://chat/..%2fengine.mjs', 'app://other/index.html', 'app://chat/missing.js']
        .map(async (url) => (await net.fetch(url)).status)))
    expect(statuses).toEqual([200, 404, 404, 404, 404, 404])
  })

  test('is told of a request that does not fit, and hurts nothing with it', async () => {
    const anna = await users.open('anna')
    const codes = await anna.page.evaluate(async () => {
      const { chat } = window as unknown as { chat: { request (method: unknown, params: unknown): Promise<{ ok: boolean, error?: { code: string } }> } }
      const requests: Array<[unknown, unknown]> = [
        ['no:such', null], ['__proto__', null], ['messages:send', null], ['messages:send', { roomId: 1, text: 2, clientId: 3 }],
        ['messages:window', { roomId: 'lobby', from: 0, limit: 1e9 }], ['messages:window', { roomId: 'lobby', from: 0.5, limit: 1 }],
        ['settings:save', { nickname: 'x', nodeKey: 'y' }], ['rooms:mark-read', { roomId: 'lobby', upToIndex: Number.NaN }]
      ]
      const results = await Promise.all(requests.map(async ([method, params]) => await chat.request(method, params)))
      return results.map((result) => result.ok ? 'ok' : result.error?.code)
    })
    expect(codes).toEqual(codes.map(() => 'CHAT_BAD_REQUEST'))
    expect((await anna.ask('state:get', null)).rooms).toHaveLength(1)
  })

  test('opens links to the web only', async () => {
    const anna = await users.open('anna')
    const refused = await anna.page.evaluate(async () => {
      const links = ['file:///etc/passwd', 'javascript:alert(1)', 'smb://host/share', 'nwaku-chat://join?room=x', 'https://user:password@example.org/', 'not a link', '']
      const results = await Promise.all(links.map(async (url) => await window.chat.openLink(url)))
      return results.map((result) => result.ok ? 'ok' : result.error.code)
    })
    expect(refused).toEqual(refused.map(() => 'CHAT_REFUSED'))
    expect(isSafeLink('https://example.org/path?query')).toBe(true)
  })

  test('shows what others write as text, whatever it says', async () => {
    const [anna, ben] = await users.pair()
    const hostile = '<img src=x onerror="window.hacked = true"> <script>window.hacked = true</script> [link](javascript:window.hacked=true) javascript:alert(1)'
    await anna.say(hostile)
    await ben.sees('<img src=x')
    expect(await ben.page.evaluate(() => 'hacked' in window)).toBe(false)
    expect(await ben.message('<img src=x').locator('a, img, script').count()).toBe(0)
  })

  test('is the only one whose requests main answers', async () => {
    const anna = await users.open('anna')
    const answers = await anna.app.evaluate(async ({ BrowserWindow, app }) => {
      const own = BrowserWindow.getAllWindows()[0]
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload: `${app.getAppPath()}/out/preload.cjs`, sandbox: true, contextIsolation: true, additionalArguments: ['--app-info=%7B%7D'] } })
      await stranger.loadURL('app://chat/index.html')
      const ask = async (contents: WebContents | undefined): Promise<unknown> => await contents?.executeJavaScript('window.chat.setBadge(0).then(({ ok }) => ok)')
      const results = [await ask(own?.webContents), await ask(stranger.webContents)]
      stranger.destroy()
      return results
    })
    expect(answers).toEqual([true, false])
  })
})
