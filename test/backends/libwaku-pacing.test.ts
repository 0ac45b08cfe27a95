import { createNode, type MessageInput, type NodeOptions } from 'nwaku-desktop'
import { describe, expect, onTestFinished, test } from 'vitest'
import { expectRejection } from '../helpers/expect-rejection.js'
import { freshContentTopic } from '../helpers/messages.js'
import { pubsubTopic, useNodes } from '../helpers/nodes.js'
import { runProgram } from '../helpers/run-program.js'
import { until } from '../helpers/until.js'
import { realLibrary } from '../native/helpers/libraries.js'

// The library takes every message and loses those that do not fit into its queues, without a word.
const { path: libraryPath, skip } = realLibrary()

/** Numbers, each in a payload of its own size. */
const numbered = (contentTopic: string, number: number, sizeBytes: number): MessageInput => {
  const payload = crypto.getRandomValues(new Uint8Array(Math.min(sizeBytes, 4096)))
  new DataView(payload.buffer).setUint32(0, number)
  const whole = new Uint8Array(sizeBytes)
  whole.set(payload)
  return { contentTopic, payload: whole }
}

const numberOf = (payload: Uint8Array): number => new DataView(payload.buffer, payload.byteOffset).getUint32(0)

/** As long as what is under way goes on. */
async function untilComplete (received: ReadonlySet<number>, count: number): Promise<void> {
  let before = -1
  while (received.size < count && received.size > before) {
    before = received.size
    await until(() => { expect(received.size).toBeGreaterThan(before) }).catch(() => 'nothing more comes')
  }
  expect(received.size).toBe(count)
}

describe.skipIf(libraryPath === undefined)(`a burst on libwaku${skip === false ? '' : ` (skipped: ${skip})`}`, () => {
  const nodes = useNodes(async (options) => await createNode({ host: '127.0.0.1', isolation: 'in-process', ...options, backend: 'libwaku', libraryPath }))

  async function startBurst (count: number, sizeBytes: number, options: NodeOptions = {}) {
    const [publisher, subscriber] = await nodes.startPair(options, options)
    const contentTopic = freshContentTopic('pacing')
    const received = new Set<number>()
    await subscriber.subscribe({ pubsubTopic, contentTopics: [contentTopic] }, ({ message }) => { received.add(numberOf(message.payload)) }, { maxQueuedMessages: count })
    const publishing = Array.from({ length: count }, async (_, number) => await publisher.publish(numbered(contentTopic, number, sizeBytes), { pubsubTopic }))
    return { publisher, subscriber, contentTopic, received, publishing: Promise.allSettled(publishing) }
  }

  describe.each([['in-process'], ['process']] as const)('between two nodes with isolation %s', (isolation) => {
    test.each([[10_000, '1 KiB', 1024], [3000, '10 KiB', 10 * 1024], [2000, '30 KiB', 30 * 1024], [1000, '100 KiB', 100 * 1024], [20_000, '10 bytes', 10]])('of %i messages of %s loses none', async (count, _, sizeBytes) => {
      const { publishing, received } = await startBurst(count, sizeBytes, { isolation })
      expect((await publishing).filter(({ status }) => status === 'rejected')).toEqual([])
      await untilComplete(received, count)
    }, 300_000)
  })

  test('that is more than the queue holds is refused beyond it, and what is not refused arrives', async () => {
    const count = 25_000
    const { publishing, received } = await startBurst(count, 10)
    const refused = (await publishing).flatMap((result) => result.status === 'rejected' ? [result.reason as unknown] : [])
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.length).toBeLessThan(5000)
    await expectRejection(Promise.reject(refused[0] as Error), 'WAKU_QUEUE_FULL', { queue: 'publish' })
    await untilComplete(received, count - refused.length)
  }, 120_000)

  test('lets a caller give up waiting, and sends nothing of what was given up', async () => {
    const count = 200
    const { publisher, contentTopic, publishing, received } = await startBurst(count, 100 * 1024)
    const controller = new AbortController()
    const impatient = publisher.publish(numbered(contentTopic, count, 10), { pubsubTopic, timeoutMs: 20 })
    const given = publisher.publish(numbered(contentTopic, count + 1, 10), { pubsubTopic, signal: controller.signal })
    controller.abort()
    await expectRejection(given, 'WAKU_ABORTED', { operation: 'publish' })
    await expectRejection(impatient, 'WAKU_TIMEOUT', { operation: 'publish' })
    await publishing
    await untilComplete(received, count)
    expect([...received].filter((number) => number >= count)).toEqual([])
  }, 60_000)

  test('reaches everybody else whole when one peer takes nothing any more', async () => {
    const frozen = await runProgram('backends/programs/frozen-peer.ts', [])
    onTestFinished(() => { frozen.process.kill('SIGKILL') })
    const { value: address } = await frozen.lines.next() as { value: string }
    const [publisher, subscriber] = await nodes.startPair()
    const frozenId = await publisher.dial(address)
    await until(async () => { expect(await publisher.getPeersInMesh(pubsubTopic)).toContain(frozenId) })
    frozen.process.kill('SIGSTOP')
    const contentTopic = freshContentTopic('pacing')
    const received = new Set<number>()
    await subscriber.subscribe({ pubsubTopic, contentTopics: [contentTopic] }, ({ message }) => { received.add(numberOf(message.payload)) })
    const results = await Promise.allSettled(Array.from({ length: 100 }, async (_, number) => await publisher.publish(numbered(contentTopic, number, 50 * 1024), { pubsubTopic })))
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([])
    await untilComplete(received, 100)
  }, 60_000)
})
