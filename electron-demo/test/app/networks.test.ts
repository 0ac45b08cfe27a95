import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CommandLineChat } from '../helpers/command-line.js'
import { describeApp } from '../helpers/describe-app.js'
import { useUsers } from '../helpers/users.js'

describeApp('the chat', () => {
  const users = useUsers()

  test('is in one room with the command line, which joins by an address out of the node panel', async () => {
    const anna = await users.open('anna')
    const address = await anna.until(async () => {
      const [first] = (await anna.node()).addresses
      if (first === undefined) throw new Error('no address yet')
      return first
    })
    const terminal = CommandLineChat.start('--connect', address, '--nick', 'terminal', '--host', '127.0.0.1')
    await terminal.prints(/you are terminal in the room lobby/)
    terminal.say('hello from a terminal')
    await anna.sees('hello from a terminal')
    await anna.say('hello from a window')
    await terminal.prints(/anna: hello from a window/)
  })

  test('joins a network of its own by a static peer, with the history that is there', async () => {
    const host = CommandLineChat.start('--listen', '--nick', 'host', '--host', '127.0.0.1')
    const [, address = ''] = await host.prints(/--connect (\/ip4\/127\S+)/)
    const first = CommandLineChat.start('--connect', address, '--nick', 'first', '--host', '127.0.0.1')
    await first.prints(/you are first in the room/)
    first.say('said before you came')
    await host.prints(/first: said before you came/)
    const anna = await users.open('anna', { preset: { network: { kind: 'custom', clusterId: 0, numShards: 8, staticPeers: [address] } } })
    await anna.sees('said before you came')
    await anna.say('got it')
    await host.prints(/anna: got it/)
    await anna.seesState('got it', 'Stored')
  })

  test('waits for a network when the machine has none, and comes back with it', async () => {
    const host = CommandLineChat.start('--listen', '--nick', 'host', '--host', '127.0.0.1')
    const [, address = ''] = await host.prints(/--connect (\/ip4\/127\S+)/)
    const anna = await users.open('anna', { preset: { network: { kind: 'custom', clusterId: 0, numShards: 8, staticPeers: [address] } } })
    await anna.untilOnline()
    await anna.app.evaluate(({ net }) => { Object.assign(net, { isOnline: () => false }) })
    await anna.page.getByText('This computer has no network.').waitFor()
    await anna.say('written without a network')
    await anna.app.evaluate(({ net }) => { Object.assign(net, { isOnline: () => true }) })
    await host.prints(/anna: written without a network/)
  })

  test('goes on with the other networks when a room is on one of them', async () => {
    const anna = await users.open('anna')
    await anna.until(async () => { expect((await anna.node()).phase).toBe('connecting') })
    await anna.ask('settings:save', { network: { kind: 'custom', clusterId: 7, numShards: 1024, staticPeers: [] } })
    await anna.until(async () => {
      const { phase, clusterId, shards } = await anna.node()
      expect({ phase, clusterId, numShards: shards.length }).toEqual({ phase: 'connecting', clusterId: 7, numShards: 1 })
    })
    expect((await anna.ask('state:get', null)).rooms.map(({ pubsubTopic }) => pubsubTopic)).toEqual([expect.stringMatching(/^\/waku\/2\/rs\/7\/\d+$/)])
  })

  test('refuses a network that cannot be', async () => {
    const anna = await users.open('anna')
    for (const network of [{ clusterId: 70_000, numShards: 8, staticPeers: [] }, { clusterId: 1, numShards: 0, staticPeers: [] }, { clusterId: 1, numShards: 8, staticPeers: ['/ip4/1.2.3.4'] }]) {
      expect(await anna.try('settings:save', { network: { kind: 'custom', ...network } }), JSON.stringify(network)).toMatchObject({ ok: false, error: { code: 'CHAT_INVALID_NETWORK' } })
    }
    expect((await anna.ask('state:get', null)).settings?.network).toEqual({ kind: 'local' })
  })

  test('writes diagnostics without keys, texts, rooms or names', async () => {
    const [anna, ben] = [await users.open('anna', { preset: { nickname: 'Annabelle', rooms: ['hidden-garden'] } }), await users.open('ben', { preset: { rooms: ['hidden-garden'] } })]
    await Promise.all([anna.untilOnline(), ben.untilOnline()])
    await anna.say('a very private sentence')
    await ben.sees('a very private sentence')
    const path = join(users.folder(), 'diagnostics.json')
    await anna.app.evaluate(({ dialog }, filePath) => { Object.assign(dialog, { showSaveDialog: async () => await Promise.resolve({ canceled: false, filePath }) }) }, path)
    await anna.openPanel('Trouble')
    await anna.page.getByRole('button', { name: 'Export…' }).click()
    await anna.page.getByRole('region', { name: 'Notices' }).getByText(/Written to/).waitFor()
    const bundle = readFileSync(path, 'utf8')
    expect(JSON.parse(bundle)).toMatchObject({ app: { name: 'Nwaku Chat' }, engine: { node: { phase: 'online', backend: 'js' }, rooms: [{ count: 1 }] } })
    for (const secret of ['a very private sentence', 'Annabelle', 'hidden-garden']) expect(bundle).not.toContain(secret)
    expect(bundle).not.toMatch(/(?<!0x)\b[0-9a-f]{64}\b/)
  })

  test('notifies of what is said in a room that is not on the screen, and leads there', async () => {
    const [anna, ben] = [await users.open('anna', { preset: { rooms: ['kitchen'] } }), await users.open('ben', { preset: { rooms: ['lobby', 'kitchen'] } })]
    await Promise.all([anna.untilOnline(), ben.untilOnline()])
    await ben.page.getByRole('button', { name: /^lobby/ }).click()
    await ben.app.evaluate(({ Notification }) => {
      // Instead of the system, which may show none here.
      const shown: unknown[] = []
      Object.assign(globalThis, { shown })
      Object.assign(Notification, { isSupported: () => true })
      Object.assign(Notification.prototype, { show (this: { title: string, body: string, emit (event: string): void }) { shown.push({ title: this.title, body: this.body }); this.emit('click') } })
    })
    await anna.say('soup is ready')
    await ben.page.getByRole('heading', { level: 1, name: 'kitchen' }).waitFor()
    expect(await ben.app.evaluate(() => (globalThis as unknown as { shown: unknown[] }).shown)).toEqual([{ title: 'anna · #kitchen', body: 'soup is ready' }])
  })

  test('opens once with the same data, and shows the window that is there', async () => {
    const anna = await users.open('anna')
    await anna.app.evaluate(({ app }) => {
      Object.assign(globalThis, { invites: new Promise((resolve) => app.once('second-instance', (_, argv) => resolve(argv.some((arg) => arg.startsWith('nwaku-chat:'))))) })
    })
    const second = anna.spawnAgain('nwaku-chat://join?room=garden&network=local')
    expect(await anna.app.evaluate(async () => await (globalThis as unknown as { invites: Promise<boolean> }).invites)).toBe(true)
    expect(await second).toBe(0)
    await anna.page.getByRole('dialog', { name: 'You are invited' }).waitFor()
  })
})
