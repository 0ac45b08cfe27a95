import { createNode, type WakuNode, type WakuNodeEvents } from 'nwaku-desktop'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freshContentTopic } from '../helpers/messages.js'
import { connect, pubsubTopic, useNodes } from '../helpers/nodes.js'
import { nextEvent } from '../helpers/until.js'
import { exitOnSignal } from './helpers/exit-on-signal.js'
import { isolatedBackends } from './helpers/isolated-backends.js'
import { hostPidsOf, residentBytesOf } from './helpers/processes.js'

const megabyte = 2 ** 20
const publishIntervalMs = 5

describe.each(isolatedBackends)('a node under load, with $name,', ({ options: isolated }) => {
  const nodes = useNodes(async (options) => await createNode({ backend: 'js', host: '127.0.0.1', ...options }))

  test.each([
    ['a kill', 'SIGKILL', { reason: 'crash', code: null, signal: 'SIGKILL' }],
    ['a segmentation fault', 'SIGSEGV', { reason: 'crash', code: null, signal: 'SIGSEGV' }],
    ['an abort', 'SIGABRT', { reason: 'crash', code: null, signal: 'SIGABRT' }],
    ['a stop', 'SIGSTOP', { reason: 'hang', code: null, signal: 'SIGKILL' }]
  ] as const)('outlives %s of its process, and every message it was given is sent', async (_, signal, exit) => {
    const { node, load } = await startUnderLoad()
    const ended = untilReplaced(node)
    signalHost(signal)
    expect(await ended).toMatchObject(exit)
    await nextEvent(node, 'message', fromPeer)
    await expectAllSent(load)
  })

  test.runIf(process.platform === 'linux')('outlives an exit() in its process', async () => {
    exitOnSignal()
    const { node, load } = await startUnderLoad()
    const ended = untilReplaced(node)
    signalHost('SIGUSR2')
    expect(await ended).toMatchObject({ reason: 'exit', code: 7, signal: null })
    await nextEvent(node, 'message', fromPeer)
    await expectAllSent(load)
  })

  test.skipIf(process.platform === 'win32')('outlives the end of its process because of its memory', async () => {
    const { node: probe, load: first } = await startUnderLoad()
    const [pid = 0] = hostPidsOf(process.pid)
    const maxMemoryBytes = residentBytesOf(pid) + 30 * megabyte
    first.stop()
    await probe.close()
    const { node, load } = await startUnderLoad({ process: { maxMemoryBytes, hangTimeoutMs: 3000 } }, 100 * 1024)
    expect(await nextEvent(node, 'backend:exit')).toMatchObject({ reason: 'memory', signal: 'SIGKILL', restartInMs: 0 })
    load.stop()
    await nextEvent(node, 'backend:restart')
    expect(node.status).toBe('started')
  })

  async function startUnderLoad (options = {}, sizeBytes = 1024): Promise<{ node: WakuNode, load: Load }> {
    const [peer, node] = await Promise.all([nodes.start(), nodes.start({ ...isolated, process: { hangTimeoutMs: 3000 }, ...options })])
    await connect(node, peer)
    const received = nextEvent(node, 'message', fromPeer)
    const load = new Load(node, peer, sizeBytes)
    await received
    return { node, load }
  }
})

const [fromNodeTopic, fromPeerTopic] = [freshContentTopic('from-node'), freshContentTopic('from-peer')]

function fromPeer ({ message }: WakuNodeEvents['message']): boolean {
  return message.contentTopic === fromPeerTopic
}

/** Has two nodes publish all the time until it is stopped, or the test ends. */
class Load {
  readonly #published: Array<Promise<string>> = []
  readonly #timer: NodeJS.Timeout

  constructor (node: WakuNode, peer: WakuNode, sizeBytes: number) {
    this.#timer = setInterval(() => {
      const payload = new Uint8Array(sizeBytes)
      // Refused while the node is away.
      peer.publish({ contentTopic: fromPeerTopic, payload }, { pubsubTopic }).catch(() => {})
      const published = node.publish({ contentTopic: fromNodeTopic, payload }, { pubsubTopic, timeoutMs: 30_000 })
      // It is looked at only once the load has ended, if at all.
      published.catch(() => {})
      this.#published.push(published)
    }, publishIntervalMs)
    onTestFinished(() => this.stop())
  }

  stop (): void {
    clearInterval(this.#timer)
  }

  /** Stops. @returns what became of each message of the node. */
  async end (): Promise<Array<PromiseSettledResult<string>>> {
    this.stop()
    return await Promise.allSettled(this.#published)
  }
}

async function expectAllSent (load: Load): Promise<void> {
  const outcomes = await load.end()
  expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])
  expect(outcomes.length).toBeGreaterThan(10)
}

async function untilReplaced (node: WakuNode): Promise<WakuNodeEvents['backend:exit']> {
  const [exit] = await Promise.all([nextEvent(node, 'backend:exit'), nextEvent(node, 'backend:restart')])
  return exit
}

function signalHost (signal: NodeJS.Signals): void {
  for (const pid of hostPidsOf(process.pid)) process.kill(pid, signal)
}
