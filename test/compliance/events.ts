import { describe, expect, onTestFinished, test, vi, type MockInstance } from 'vitest'
import type { ConnectionStatus, TopicHealth, WakuNode } from 'nwaku-desktop'
import { expectError } from '../helpers/expect-rejection.js'
import { freshContentTopic, textMessage, textOf, untilReceived } from '../helpers/messages.js'
import { addressOf, clusterId, pubsubTopic, shardId, useNodes, useShared } from '../helpers/nodes.js'
import { collectEvents, nextEvent, until, untilEqual } from '../helpers/until.js'
import type { ProbedBackend } from './backend-under-test.js'

/** Health and status events, and how listeners are called. */
export function describeEvents (backend: ProbedBackend): void {
  describe('events', () => {
    describeHealth(backend)
    describeListeners(backend)
  })
}

function describeHealth ({ createNode }: ProbedBackend): void {
  const nodes = useNodes(createNode)

  test('health and status rise with the peers and fall when they go', async () => {
    const node = await nodes.create()
    const healths: TopicHealth[] = []
    const statuses: ConnectionStatus[] = []
    node.on('topic:health', (event) => {
      expect(event.pubsubTopic).toBe(pubsubTopic)
      healths.push(event.health)
    })
    node.on('connection:status', ({ status }) => statuses.push(status))
    await node.start()
    expect([await node.getTopicHealth(pubsubTopic), node.getConnectionStatus()]).toEqual(['Unhealthy', 'Disconnected'])

    const others = await Promise.all(Array.from({ length: 4 }, async () => await nodes.start()))
    const address = await addressOf(node)
    await others[0]?.dial(address)
    await untilEqual(async () => await node.getTopicHealth(pubsubTopic), 'MinimallyHealthy')
    expect(node.getConnectionStatus()).toBe('PartiallyConnected')
    await Promise.all(others.slice(1).map(async (other) => await other.dial(address)))
    await untilEqual(() => node.getConnectionStatus(), 'Connected')
    expect(await node.getTopicHealth(pubsubTopic)).toBe('SufficientlyHealthy')

    await Promise.all(others.map(async (other) => await other.close()))
    await untilEqual(() => node.getConnectionStatus(), 'Disconnected')
    await untilEqual(() => healths.at(-1), 'Unhealthy')
    expect(withoutRepeats(healths)).toEqual(healths)
    expect(new Set(healths)).toEqual(new Set(['Unhealthy', 'MinimallyHealthy', 'SufficientlyHealthy']))
    expect(statuses).toEqual(['PartiallyConnected', 'Connected', 'PartiallyConnected', 'Disconnected'].slice(0, statuses.length - 1).concat('Disconnected'))
  })

  test('a topic that is left no longer counts for the status', async () => {
    const node = await nodes.start()
    const others = await Promise.all(Array.from({ length: 4 }, async () => await nodes.start()))
    const address = await addressOf(node)
    await Promise.all(others.map(async (other) => await other.dial(address)))
    await untilEqual(() => node.getConnectionStatus(), 'Connected')
    const lonely = await node.subscribe({ pubsubTopic: `/waku/2/rs/${clusterId}/${shardId + 1}` })
    await untilEqual(() => node.getConnectionStatus(), 'PartiallyConnected')
    await lonely.unsubscribe()
    expect(node.getConnectionStatus()).toBe('Connected')
  })

  test('a stop tells of every peer that is gone', async () => {
    const [node, other] = await nodes.startPair()
    const gone = collectEvents(node, 'peer:disconnect')
    const statuses = collectEvents(node, 'connection:status')
    await node.stop()
    expect(gone).toEqual([{ peerId: other.peerId }])
    expect(statuses).toEqual([{ status: 'Disconnected' }])
  })

  test('nothing but the change to closed is told after closing', async () => {
    const [node, other] = await nodes.startPair()
    const left = nextEvent(other, 'topic:health', ({ health }) => health === 'Unhealthy')
    await node.close()
    const events = (['message', 'status', 'peer:disconnect', 'topic:health', 'connection:status'] as const).map((event) => collectEvents(node, event))
    await left
    expect(events).toEqual([[], [], [], [], []])
  })
}

function describeListeners ({ createNode }: ProbedBackend): void {
  const shared = useShared(createNode, async (own) => {
    const [node, other] = await own.startPair()
    return { node, other }
  })

  async function send (...texts: string[]): Promise<void> {
    const { node, other } = shared()
    const arrived: unknown[] = []
    const off = node.on('message', (received) => arrived.push(received))
    for (const text of texts) await other.publish(textMessage(freshContentTopic(), text), { pubsubTopic })
    await untilReceived(arrived, texts.length)
    off()
  }

  test('the message event brings each message once, with its topic and hash', async () => {
    const { node, other } = shared()
    const contentTopic = freshContentTopic()
    const next = nextEvent(node, 'message', ({ message }) => message.contentTopic === contentTopic)
    const hash = await other.publish(textMessage(contentTopic, 'hello'), { pubsubTopic })
    expect(await next).toMatchObject({ pubsubTopic, messageHash: hash })
  })

  test('a listener that was removed is not called, by either way of removing', async () => {
    const { node } = shared()
    const texts: string[] = []
    const listener = (received: Parameters<typeof textOf>[0]): void => { texts.push(textOf(received)) }
    node.on('message', listener)()
    node.on('message', listener)
    node.off('message', listener)
    await send('unheard')
    expect(texts).toEqual([])
  })

  test('a listener that was added once is called once', async () => {
    const texts: string[] = []
    shared().node.once('message', (received) => { texts.push(textOf(received)) })
    await send('1', '2')
    expect(texts).toEqual(['1'])
  })

  test('a signal removes a listener, and one that has fired already adds none', async () => {
    const { node } = shared()
    const controller = new AbortController()
    const texts: string[] = []
    node.on('message', (received) => { texts.push(textOf(received)) }, { signal: controller.signal })
    node.on('message', () => { texts.push('never') }, { signal: AbortSignal.abort() })
    await send('1')
    controller.abort()
    await send('2')
    expect(texts).toEqual(['1'])
  })

  test.each<[kind: string, fail: () => unknown]>([
    ['throws', () => { throw new Error('event trouble') }],
    ['rejects', async () => { throw new Error('event trouble') }]
  ])('an event listener that %s is told of, and the others are called', async (_, fail) => {
    const { node } = shared()
    const errors = collectEvents(node, 'listener:error')
    const texts: string[] = []
    const offs = [node.on('message', fail), node.on('message', (received) => { texts.push(textOf(received)) })]
    await send('1')
    await until(() => { expect(errors).toEqual([{ event: 'message', error: new Error('event trouble') }]) })
    expect(texts).toEqual(['1'])
    for (const off of offs) off()
  })

  test('without a listener for them, failures of listeners become warnings of the process', async () => {
    const { node } = shared()
    const warn = warningsOf()
    const off = node.on('message', () => { throw new Error('nobody listens for this') })
    await send('1')
    off()
    expect(warn.mock.calls).toEqual([[new Error('nobody listens for this')]])
  })

  test('a failing listener for failures does not call itself', async () => {
    const { node } = shared()
    const warn = warningsOf()
    const offs = [node.on('message', () => { throw new Error('first') }), node.on('listener:error', () => { throw new Error('second') })]
    await send('1')
    for (const off of offs) off()
    expect(warn.mock.calls).toEqual([[new Error('second')]])
  })

  test('a listener may remove itself and add others while it is called', async () => {
    const { node } = shared()
    const calls: string[] = []
    const off = node.on('message', () => {
      calls.push('outer')
      off()
      node.once('message', () => { calls.push('inner') })
    })
    await send('1', '2', '3')
    expect(calls).toEqual(['outer', 'inner'])
  })

  test('many listeners on one signal cause no warning', async () => {
    const { node } = shared()
    const warn = warningsOf()
    const controller = new AbortController()
    for (let index = 0; index < 50; index++) node.on('message', () => {}, { signal: controller.signal })
    await Promise.all(Array.from({ length: 50 }, async () => await node.ping(shared().other.peerId, { signal: controller.signal }).catch(() => {})))
    controller.abort()
    await send('1')
    expect(warn).not.toHaveBeenCalled()
  })

  test('a listener that is no function is refused', () => {
    const { node } = shared()
    let thrown: unknown
    try {
      node.on('message', 'not a function' as unknown as Parameters<WakuNode['on']>[1])
    } catch (error) {
      thrown = error
    }
    expectError(thrown, 'WAKU_INVALID_ARGUMENT', { argument: 'listener' })
  })
}

function warningsOf (): MockInstance<typeof process.emitWarning> {
  const spy = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  onTestFinished(() => { spy.mockRestore() })
  return spy
}

const withoutRepeats = <T>(values: readonly T[]): T[] => values.filter((value, index) => value !== values[index - 1])
