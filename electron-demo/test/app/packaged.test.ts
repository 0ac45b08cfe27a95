import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeApp } from '../helpers/describe-app.js'
import { useUsers } from '../helpers/users.js'

describeApp.skipIf(process.platform !== 'linux')('the unpacked build for Linux', () => {
  const users = useUsers()
  let folder = ''

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nwaku-chat-release-'))
    execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/package.mjs', import.meta.url)), '--dir', '--out', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const unpacked = (...path: string[]): string => join(folder, process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked', ...path)

  test('starts, and chats with the app that is run from source', async () => {
    const anna = await users.open('anna', { executablePath: unpacked('nwaku-chat'), env: { NWAKU_CHAT_NO_UPDATES: '1' } })
    const ben = await users.open('ben')
    await Promise.all([anna.untilOnline(), ben.untilOnline()])
    await anna.say('out of a package')
    await ben.sees('out of a package')
    await ben.say('out of a folder')
    await anna.sees('out of a folder')
    expect(await anna.app.evaluate(({ app }) => [app.isPackaged, app.getName(), app.getAppPath().endsWith('app.asar')])).toEqual([true, 'Nwaku Chat', true])
  })

  test('has what is native outside of its archive, and knows where new versions are', () => {
    const resources = unpacked('resources')
    const dist = join(resources, 'app.asar.unpacked/node_modules/nwaku-desktop/dist')
    expect([join(dist, 'host.js'), join(dist, 'library-host.js'), join(dist, 'index.js'), join(resources, 'app.asar.unpacked/out/engine.mjs'), join(resources, 'app-update.yml')].filter((path) => !existsSync(path))).toEqual([])
    expect(readFileSync(join(resources, 'app-update.yml'), 'utf8')).toMatch(/^url: https:/m)
  })
})
