import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNode, type WakuNode } from 'nwaku-desktop'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CliProcess, endCliProcesses } from '../helpers/cli-process.js'
import { CuttableProxy } from '../helpers/cuttable-proxy.js'

// Whole processes, several in a test, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 120_000 })

let node: WakuNode | undefined

afterEach(async () => {
  await node?.close()
  node = undefined
  await endCliProcesses()
})

async function host (...options: string[]): Promise<{ host: CliProcess, address: string }> {
  const process = new CliProcess('--listen', '--host', '127.0.0.1', '--nick', 'anna', ...options)
  const [address] = await process.printed(/\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\w+/)
  await process.printed(/you are anna/)
  return { host: process, address }
}

async function guest (address: string, ...options: string[]): Promise<CliProcess> {
  const process = new CliProcess('--connect', address, '--host', '127.0.0.1', '--nick', 'ben', ...options)
  await process.printed(/you are|"type":"/)
  return process
}

describe('the chat', () => {
  it('carries what is said both ways', async () => {
    const { host: anna, address } = await host()
    const ben = await guest(address)
    ben.type('hello anna')
    await anna.printed(/^\[\d\d:\d\d\] ben: hello anna$/m)
    anna.type('hello ben')
    await ben.printed(/^\[\d\d:\d\d\] anna: hello ben$/m)
  })

  it('shows who comes later what was said before, once and in order', async () => {
    const { host: anna, address } = await host()
    const ben = await guest(address)
    ben.type('first')
    ben.type('second')
    await anna.printed(/ben: second/)
    ben.type('/quit')
    expect(await ben.exited()).toBe(0)
    const cleo = new CliProcess('--connect', address, '--host', '127.0.0.1', '--nick', 'cleo')
    await cleo.printed(/the 2 lines above were said before/)
    expect(cleo.stdout.replace(/\[\d\d:\d\d\]/g, '')).toBe(' ben: first\n ben: second\n')
  })

  it('keeps the history over a restart of a host with a store on disk', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nwaku-desktop-test-'))
    try {
      const store = `sqlite://${join(folder, 'chat.sqlite3')}`
      const { host: anna, address } = await host('--store', store)
      const ben = await guest(address)
      ben.type('to be kept')
      await anna.printed(/ben: to be kept/)
      anna.type('/quit')
      expect(await anna.exited()).toBe(0)
      const { host: again } = await host('--store', store)
      await again.printed(/ben: to be kept/)
      await again.printed(/the line above was said before/)
    } finally {
      await endCliProcesses()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('shows a guest who was cut off what was said meanwhile, once', async () => {
    const { host: anna, address } = await host()
    const way = await CuttableProxy.to(Number(/tcp\/(\d+)/.exec(address)?.[1]))
    try {
      const ben = await guest(address.replace(/tcp\/\d+/, `tcp/${way.port}`))
      const cleo = new CliProcess('--connect', address, '--host', '127.0.0.1', '--nick', 'cleo')
      await cleo.printed(/you are cleo/)
      way.cut()
      await ben.printed(/is gone/)
      cleo.type('said meanwhile')
      await anna.printed(/cleo: said meanwhile/)
      way.mend()
      await ben.printed(/cleo: said meanwhile/)
      cleo.type('said afterwards')
      await ben.printed(/cleo: said afterwards/)
      expect(ben.stdout.match(/said meanwhile/g)).toHaveLength(1)
    } finally {
      way.close()
    }
  })

  it('keeps rooms apart, and shows the history of the room one goes to', async () => {
    const { host: anna, address } = await host()
    const ben = await guest(address, '--room', 'kitchen')
    ben.type('only for the kitchen')
    // Once somebody else has seen it in the host's store, it is no news that could still be on its way.
    const cleo = new CliProcess('--connect', address, '--host', '127.0.0.1', '--nick', 'cleo', '--room', 'kitchen')
    await cleo.printed(/ben: only for the kitchen/)
    anna.type('/room kitchen')
    await anna.printed(/you are in the room kitchen/)
    await anna.printed(/the line above was said before/)
    expect(anna.stdout.match(/ben: only for the kitchen/g)).toHaveLength(1)
  })

  it('lists peers', async () => {
    const { host: anna, address } = await host()
    const ben = await guest(address)
    ben.type('/peers')
    await ben.printed(/connected nodes: 1\n.+\/ip4\/127\.0\.0\.1\/tcp\/\d+ {2}nwaku-desktop, .*keeps history/)
    ben.type('/quit')
    await ben.exited()
    await anna.printed(/is gone/)
    anna.type('/peers')
    await anna.printed(/connected nodes: 0/)
  })

  it('changes the name one speaks under', async () => {
    const { host: anna, address } = await host()
    const ben = await guest(address)
    ben.type('/nick benjamin')
    ben.type('it is me')
    await anna.printed(/benjamin: it is me/)
  })

  it('says when nothing was sent because nobody is there', async () => {
    const { host: anna } = await host()
    anna.type('anybody?')
    await anna.printed(/^! not sent: nobody is connected$/m)
    expect(anna.stdout).not.toContain('anybody?')
  })

  it('explains its commands, and names the nearest to an unknown one', async () => {
    const { host: anna } = await host()
    anna.type('/help')
    await anna.printed(/\/peers.*\n.*\/nick <name>.*\n.*\/room <name>.*\n.*\/quit/)
    anna.type('/peer')
    await anna.printed(/there is no \/peer: did you mean \/peers\?/)
    anna.type('/room a/b')
    await anna.printed(/\/room: the name of a room has no slash/)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with exit code 0 on %s', async (signal) => {
    const { host: anna } = await host()
    anna.kill(signal)
    expect(await anna.exited()).toBe(0)
    expect(anna.stderr).not.toMatch(/^ +at /m)
  })

  it('says everything that came over a pipe, and ends when it does', async () => {
    const { host: anna, address } = await host()
    const ben = new CliProcess('--connect', address, '--host', '127.0.0.1', '--nick', 'ben')
    for (const text of ['one', 'two', 'three']) ben.type(text)
    ben.endInput()
    expect(await ben.exited()).toBe(0)
    await anna.printed(/ben: one\n.*ben: two\n.*ben: three/)
  })

  it('says that a node cannot be reached, and connects as soon as it can be', async () => {
    const nodeKey = '42'.repeat(32)
    node = await createNode({ host: '127.0.0.1', nodeKey })
    await node.start()
    const [address = ''] = await node.getListenAddresses()
    await node.close()
    const ben = await guest(address)
    await ben.printed(/cannot reach \/ip4\/.*Trying again and again/)
    node = await createNode({ host: '127.0.0.1', nodeKey, port: Number(/tcp\/(\d+)/.exec(address)?.[1]) })
    await node.start()
    await ben.printed(/connected to/)
  })

  it('ends with exit code 1 and a sentence when its port is taken', async () => {
    const { address } = await host()
    const second = new CliProcess('--listen', '--host', '127.0.0.1', '--port', /tcp\/(\d+)/.exec(address)?.[1] ?? '')
    expect(await second.exited()).toBe(1)
    expect(second.stderr).toMatch(/^nwaku-desktop: cannot listen.*\(WAKU_LISTEN_FAILED\)\n$/)
  })

  it('tells everything as JSON when asked to', async () => {
    const { host: anna, address } = await host()
    const ben = await guest(address)
    const watcher = new CliProcess('--connect', address, '--host', '127.0.0.1', '--nick', 'watcher', '--json')
    await watcher.printed(/you are watcher/)
    ben.type('hello')
    await watcher.printed(/^\{"type":"message".*\}$/m)
    expect(JSON.parse(watcher.stdout)).toMatchObject({ type: 'message', room: 'lobby', nick: 'ben', text: 'hello', isHistory: false })
    await anna.printed(/ben: hello/)
  })

  it('shows nothing of others that a terminal would obey, and ignores what is no chat message', async () => {
    const { host: anna, address } = await host()
    node = await createNode({ host: '127.0.0.1' })
    await node.start()
    await node.dial(address)
    await anna.printed(/connected to/)
    const contentTopic = '/nwaku-desktop-chat/1/lobby/json'
    const say = async (value: unknown): Promise<unknown> =>
      await node?.publish({ contentTopic, payload: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) })
    await expect.poll(async () => await say('not JSON').then(() => 'sent', () => 'not yet'), { timeout: 10_000 }).toBe('sent')
    for (const junk of [null, 7, [], {}, { nick: 'x' }, { nick: 1, text: 'y' }, { nick: '\u001B', text: 'no name' }, { nick: 'x', text: '' }]) await say(junk)
    await say({ nick: 'mal\u001B[31mlory', text: 'a\u001B[2Jb\rc\nd\u0007e\u202Ef\u009Bg' })
    await say({ nick: 'end', text: 'done' })
    await anna.printed(/end: done/)
    const [, ...lines] = anna.stdout.trim().split('\n\n')
    expect(lines.join().replace(/\[\d\d:\d\d\]/g, '')).toBe(' mallory: ab c def\n end: done')
  })
})
