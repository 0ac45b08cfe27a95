import '../../src/polyfills.js'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { resolveOptions } from '../../src/config.js'
import { WakuNode } from '../../src/node/node.js'
import { isWakuError, WakuError } from '../../src/errors.js'
import { messageHash } from '../../src/message.js'
import { ScriptedBackend, type Script } from '../helpers/scripted-backend.js'
import type { Capabilities } from '../../src/backend.js'

// What only a backend shows that is slower, or less able, than the one in JavaScript.

const topic = '/waku/2/rs/16/32'
const other = '/waku/2/rs/16/33'
const stranger = '16Uiu2HAmPLe7Mzm8TsYUubgCAW1aJoeFScxrLj8ppHFivPo97bUZ'
const peerId = '16Uiu2HAmGHULqeJwFjG6tMLRfhdTafds89ZJsB7HZSfXCnwFT3Dc'

function makeNode (script: Script = {}, supports: Partial<Capabilities> = {}): { node: WakuNode, backend: ScriptedBackend } {
  const made: ScriptedBackend[] = []
  const node = new WakuNode(resolveOptions({ clusterId: 16, shards: [] }), peerId, (events) => {
    const backend = new ScriptedBackend(events, script, supports)
    made.push(backend)
    return backend
  })
  return { node, backend: made[0] as ScriptedBackend }
}

/** A promise that a test settles by hand, for a script. */
const gate = (): PromiseWithResolvers<void> => Promise.withResolvers<void>()
const codeOf = async (promise: Promise<unknown>): Promise<unknown> => await promise.then(() => 'resolved', (error: unknown) => isWakuError(error) ? error.code : error)
const message = { contentTopic: '/app/1/topic/proto', payload: Uint8Array.of(1) }

afterEach(() => { vi.useRealTimers() })

describe('topics on a backend that takes its time', () => {
  test('a topic that is subscribed while the node starts is joined before the start is over, and left again later', async () => {
    const started = gate()
    const { node, backend } = makeNode({ start: async () => await started.promise })
    const starting = node.start()
    await vi.waitFor(() => { expect(backend.calls).toEqual(['start']) })
    const subscription = await node.subscribe({ pubsubTopic: topic })
    started.resolve()
    await starting
    expect(backend.calls).toEqual(['start', `subscribe ${topic}`])
    await subscription.unsubscribe()
    expect(backend.calls.at(-1)).toBe(`unsubscribe ${topic}`)
  })

  test('a topic that is given up while the node starts is left', async () => {
    const started = gate()
    const { node, backend } = makeNode({ start: async () => await started.promise })
    const subscription = await node.subscribe({ pubsubTopic: topic })
    const starting = node.start()
    await vi.waitFor(() => { expect(backend.calls).toEqual([`start ${topic}`]) })
    await subscription.unsubscribe()
    started.resolve()
    await starting
    expect(backend.calls).toEqual([`start ${topic}`, `unsubscribe ${topic}`])
  })

  test('joining and leaving never overlap, and a change of mind costs nothing', async () => {
    const joined = gate()
    const { node, backend } = makeNode({ subscribe: async () => await joined.promise })
    await node.start()
    const first = node.subscribe({ pubsubTopic: topic })
    const others = Array.from({ length: 3 }, async () => await (await node.subscribe({ pubsubTopic: other })).unsubscribe())
    joined.resolve()
    await Promise.all([first, ...others])
    expect(backend.calls.slice(0, 2)).toEqual(['start', `subscribe ${topic}`])
    expect(backend.calls.filter((call) => call.endsWith(other)).length % 2).toBe(0)
    expect(node.getPubsubTopics()).toEqual([topic])
  })

  test('a subscription that the backend refuses leaves nothing behind', async () => {
    const refusal = new WakuError('WAKU_LIBRARY_ERROR', 'no', { operation: 'subscribe', libraryMessage: 'no' })
    const { node, backend } = makeNode({ subscribe: async (pubsubTopic) => { if (pubsubTopic === other) throw refusal } })
    await node.start()
    await node.subscribe({ pubsubTopic: topic })
    await expect(node.subscribe({ pubsubTopic: other })).rejects.toBe(refusal)
    expect(node.getPubsubTopics()).toEqual([topic])
    expect(backend.calls).toEqual(['start', `subscribe ${topic}`, `subscribe ${other}`])
  })

  test('a backend that cannot leave topics is not asked to', async () => {
    const { node, backend } = makeNode({}, { unsubscribe: false })
    await node.start()
    await (await node.subscribe({ pubsubTopic: topic })).unsubscribe()
    await node.subscribe({ pubsubTopic: topic })
    expect(backend.calls).toEqual(['start', `subscribe ${topic}`])
  })

  test('what a topic brings after it was left reaches nobody', async () => {
    const { node, backend } = makeNode({}, { unsubscribe: false })
    await node.start()
    const seen: unknown[] = []
    const subscription = await node.subscribe({ pubsubTopic: topic }, (received) => { seen.push(received) })
    await subscription.unsubscribe()
    const received = { ...message, version: 0, timestamp: 1n, ephemeral: false, meta: new Uint8Array(), proof: new Uint8Array() }
    backend.events.message({ message: received, pubsubTopic: topic, messageHash: messageHash(topic, received) })
    expect(seen).toEqual([])
  })
})

describe('the end of a node on a backend that takes its time', () => {
  test('what a stop waits for is bounded: a publish that hangs rejects', async () => {
    vi.useFakeTimers()
    const { node } = makeNode({ publish: async () => await new Promise<never>(() => {}) })
    await node.start()
    const published = codeOf(node.publish(message, { pubsubTopic: topic, timeoutMs: 0 }))
    const stopped = node.stop()
    await vi.advanceTimersByTimeAsync(10_000)
    await stopped
    expect(await published).toBe('WAKU_NOT_STARTED')
  })

  test('a publish that a stop interrupts may still succeed', async () => {
    const sent = gate()
    const { node, backend } = makeNode({
      publish: async (_message, _topic, hash) => {
        await sent.promise
        return hash
      }
    })
    await node.start()
    const published = codeOf(node.publish(message, { pubsubTopic: topic }))
    const stopped = node.stop()
    sent.resolve()
    await stopped
    expect([await published, backend.calls]).toEqual(['resolved', ['start', 'publish', 'stop']])
  })

  test('an answer that comes after its deadline is dropped', async () => {
    const answered = gate()
    const { node } = makeNode({ ping: async () => { await answered.promise; throw new Error('too late to matter') } })
    await node.start()
    expect(await codeOf(node.ping(stranger, { timeoutMs: 1 }))).toBe('WAKU_TIMEOUT')
    answered.resolve()
    await node.close()
  })

  test('a stop that fails is told, and the node can be closed all the same', async () => {
    const trouble = new Error('cannot stop')
    const { node, backend } = makeNode({ stop: async () => { throw trouble } })
    await node.start()
    await expect(node.stop()).rejects.toBe(trouble)
    expect(node.status).toBe('stopped')
    await node.close()
    expect([node.status, backend.calls]).toEqual(['closed', ['start', 'stop', 'close']])
  })

  test('a close that fails is told, and leaves the node closed', async () => {
    const trouble = new Error('cannot close')
    const { node } = makeNode({ close: async () => { throw trouble } })
    await expect(node.close()).rejects.toBe(trouble)
    expect(node.status).toBe('closed')
  })

  test('a start that fails is undone, and its error is the one that is told', async () => {
    const trouble = new Error('cannot start')
    const { node, backend } = makeNode({ start: async () => { throw trouble } })
    await expect(node.start()).rejects.toBe(trouble)
    expect([node.status, backend.calls]).toEqual(['created', ['start', 'stop']])
  })

  test('a start on whose topics the backend fails is undone', async () => {
    const started = gate()
    const { node, backend } = makeNode({ start: async () => await started.promise, subscribe: async () => { throw new Error('cannot join') } })
    const starting = codeOf(node.start())
    await vi.waitFor(() => { expect(backend.calls).toEqual(['start']) })
    await node.subscribe({ pubsubTopic: topic })
    started.resolve()
    expect(await starting).toEqual(new Error('cannot join'))
    expect([node.status, backend.calls.at(-1)]).toEqual(['created', 'stop'])
  })

  test('what a backend tells after it was closed reaches nobody', async () => {
    const { node, backend } = makeNode()
    await node.start()
    await node.close()
    const events: unknown[] = []
    for (const event of ['message', 'peer:connect', 'peer:disconnect', 'topic:health', 'connection:status', 'events:dropped', 'archive:error', 'node:unresponsive'] as const) node.on(event, (payload) => events.push(payload))
    const received = { ...message, version: 0, timestamp: 1n, ephemeral: false, meta: new Uint8Array(), proof: new Uint8Array() }
    backend.events.message({ message: received, pubsubTopic: topic, messageHash: messageHash(topic, received) })
    backend.events.peerConnected(peerId)
    backend.events.peerDisconnected(peerId)
    backend.events.topicHealth(topic, 'Unhealthy')
    backend.events.unresponsive(true)
    backend.events.archiveFailed(new WakuError('WAKU_ARCHIVE_FAILED', 'late', { reason: 'other', url: '' }))
    expect(events).toEqual([])
  })
})

describe('a message that comes more than once', () => {
  test('is delivered once, whatever fields outside its hash say', async () => {
    const { node, backend } = makeNode()
    await node.start()
    await node.subscribe({ pubsubTopic: topic })
    const seen: unknown[] = []
    node.on('message', (received) => seen.push(received))
    const received = { ...message, version: 0, timestamp: 1n, ephemeral: false, meta: new Uint8Array(), proof: new Uint8Array() }
    for (const version of [0, 1, 1]) backend.events.message({ message: { ...received, version }, pubsubTopic: topic, messageHash: messageHash(topic, received) })
    expect(seen.length).toBe(1)
  })
})
