import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { MessageListener, SubscribeOptions, TopicFilter, WakuNode } from 'nwaku-desktop'
import { expectRejection } from '../helpers/expect-rejection.js'
import { collectMessages, freshContentTopic, take, textMessage, textOf, untilReceived } from '../helpers/messages.js'
import { connect, pubsubTopic, useNodes, useShared } from '../helpers/nodes.js'
import { collectEvents, nextEvent, until } from '../helpers/until.js'
import type { ProbedBackend } from './backend-under-test.js'

/** Subscriptions by callback and by iteration, their bounds and their ends. */
export function describeSubscribe ({ createNode, supports }: ProbedBackend): void {
  describe('subscribe', () => {
    const nodes = useNodes(createNode)
    const shared = useShared(createNode, async (own) => {
      const [node, other] = await own.startPair()
      return { node, other }
    })

    /** Publishes texts from the other node and waits until they have come to the subscriber's node. */
    async function send (contentTopic: string, ...texts: string[]): Promise<void> {
      const { node, other } = shared()
      const arrived = collectMessages(node, contentTopic)
      for (const text of texts) await other.publish(textMessage(contentTopic, text), { pubsubTopic })
      await untilReceived(arrived, texts.length)
    }

    const filterOf = (...contentTopics: string[]): TopicFilter => ({ pubsubTopic, contentTopics })

    test('a listener gets the messages of its content topics and no others', async () => {
      const [wanted, alsoWanted, other] = [freshContentTopic(), freshContentTopic(), freshContentTopic()]
      const texts: string[] = []
      await using subscription = await shared().node.subscribe(filterOf(wanted, alsoWanted), (received) => { texts.push(textOf(received)) })
      await send(wanted, 'one')
      await send(other, 'two')
      await send(alsoWanted, 'three')
      expect(texts).toEqual(['one', 'three'])
      expect(subscription.numDropped).toBe(0)
    })

    test('a subscription without content topics gets everything on its pubsub topic', async () => {
      const texts: string[] = []
      await using _ = await shared().node.subscribe({ pubsubTopic }, (received) => { texts.push(textOf(received)) })
      await send(freshContentTopic(), 'one')
      await send(freshContentTopic(), 'two')
      expect(texts).toEqual(['one', 'two'])
    })

    test('several subscriptions each get every message', async () => {
      const contentTopic = freshContentTopic()
      const seen: string[] = []
      await using _first = await shared().node.subscribe(filterOf(contentTopic), () => { seen.push('first') })
      await using _second = await shared().node.subscribe(filterOf(contentTopic), () => { seen.push('second') })
      await send(contentTopic, 'both')
      expect(seen.sort()).toEqual(['first', 'second'])
    })

    test('a node gets its own messages too', async () => {
      const contentTopic = freshContentTopic()
      const subscription = await shared().node.subscribe(filterOf(contentTopic))
      await shared().node.publish(textMessage(contentTopic, 'to myself'), { pubsubTopic })
      expect((await take(subscription, 1)).map(textOf)).toEqual(['to myself'])
      await subscription.unsubscribe()
    })

    test('an asynchronous listener gets one message at a time, in order', async () => {
      const contentTopic = freshContentTopic()
      const steps: string[] = []
      await using _ = await shared().node.subscribe(filterOf(contentTopic), async (received) => {
        steps.push(`begin ${textOf(received)}`)
        await turn()
        steps.push(`end ${textOf(received)}`)
      })
      await send(contentTopic, '1', '2', '3')
      await until(() => { expect(steps).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']) })
    })

    test('nothing is delivered after unsubscribe, not even what waited', async () => {
      const contentTopic = freshContentTopic()
      const texts: string[] = []
      const gate = Promise.withResolvers<void>()
      const subscription = await shared().node.subscribe(filterOf(contentTopic), async (received) => {
        texts.push(textOf(received))
        await gate.promise
      })
      await send(contentTopic, 'one', 'two')
      await subscription.unsubscribe()
      gate.resolve()
      await send(contentTopic, 'three')
      expect(texts).toEqual(['one'])
    })

    test('a listener may end its own subscription', async () => {
      const contentTopic = freshContentTopic()
      const texts: string[] = []
      const subscription = await shared().node.subscribe(filterOf(contentTopic), async (received) => {
        texts.push(textOf(received))
        await subscription.unsubscribe()
      })
      await send(contentTopic, 'one', 'two')
      expect(texts).toEqual(['one'])
    })

    test('unsubscribing is idempotent, and leaves other subscriptions alone', async () => {
      const contentTopic = freshContentTopic()
      const texts: string[] = []
      const gone = await shared().node.subscribe(filterOf(contentTopic))
      await using _ = await shared().node.subscribe(filterOf(contentTopic), (received) => { texts.push(textOf(received)) })
      await Promise.all([gone.unsubscribe(), gone.unsubscribe()])
      await gone.unsubscribe()
      await send(contentTopic, 'still here')
      expect(texts).toEqual(['still here'])
    })

    test('a slow listener loses the oldest messages beyond its bound, and the loss is counted and told', async () => {
      const { node } = shared()
      const contentTopic = freshContentTopic()
      const texts: string[] = []
      const gate = Promise.withResolvers<void>()
      await using subscription = await node.subscribe(filterOf(contentTopic), async (received) => {
        texts.push(textOf(received))
        await gate.promise
      }, { maxQueuedMessages: 3 })
      const told = nextEvent(node, 'events:dropped')
      await send(contentTopic, '0', '1', '2', '3', '4', '5')
      expect(subscription.numDropped).toBe(2)
      expect(await told).toEqual({ source: 'subscription', count: 2 })
      gate.resolve()
      await until(() => { expect(texts).toEqual(['0', '3', '4', '5']) })
    })

    test('a subscription that nobody reads keeps the newest messages', async () => {
      const { node } = shared()
      const contentTopic = freshContentTopic()
      await using subscription = await node.subscribe(filterOf(contentTopic), undefined, { maxQueuedMessages: 2 })
      await send(contentTopic, '0', '1', '2', '3')
      expect((await take(subscription, 2)).map(textOf)).toEqual(['2', '3'])
      expect(subscription.numDropped).toBe(2)
    })

    test('every drop is told, in events that add up', async () => {
      const { node } = shared()
      const contentTopic = freshContentTopic()
      const drops = collectEvents(node, 'events:dropped')
      await using subscription = await node.subscribe(filterOf(contentTopic), undefined, { maxQueuedMessages: 1 })
      await send(contentTopic, ...Array.from({ length: 50 }, (_, index) => String(index)))
      await until(() => { expect(drops.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(49) })
      expect(subscription.numDropped).toBe(49)
    })

    test('iteration yields messages as they come', async () => {
      const contentTopic = freshContentTopic()
      const subscription = await shared().node.subscribe(filterOf(contentTopic))
      const taken = take(subscription, 3)
      await send(contentTopic, '1', '2', '3')
      expect((await taken).map(textOf)).toEqual(['1', '2', '3'])
      await subscription.unsubscribe()
    })

    test('leaving the loop ends the subscription', async () => {
      const { node } = shared()
      const contentTopic = freshContentTopic()
      const subscription = await node.subscribe(filterOf(contentTopic))
      await send(contentTopic, '1', '2')
      const texts: string[] = []
      for await (const received of subscription) {
        texts.push(textOf(received))
        if (texts.length > 0) break
      }
      expect([...texts, ...await drain(subscription)]).toEqual(['1'])
    })

    test('an iteration that waits can be left', async () => {
      const subscription = await shared().node.subscribe(filterOf(freshContentTopic()))
      const iterator = subscription[Symbol.asyncIterator]()
      const next = iterator.next()
      await iterator.return?.()
      expect(await next).toEqual({ done: true, value: undefined })
    })

    test('iteration ends when the subscription does', async () => {
      const subscription = await shared().node.subscribe(filterOf(freshContentTopic()))
      const texts = drain(subscription)
      await subscription.unsubscribe()
      expect(await texts).toEqual([])
    })

    test('several loops over one subscription share its messages and all end with it', async () => {
      const contentTopic = freshContentTopic()
      const subscription = await shared().node.subscribe(filterOf(contentTopic))
      const loops = [drain(subscription), drain(subscription)]
      await send(contentTopic, '1', '2', '3', '4')
      await turn()
      await subscription.unsubscribe()
      expect((await Promise.all(loops)).flat().sort()).toEqual(['1', '2', '3', '4'])
    })

    test('iteration ends when its signal fires, and the topic is left', async () => {
      const { node } = shared()
      const controller = new AbortController()
      const topic = `${pubsubTopic}1`
      const texts = drain(await node.subscribe({ pubsubTopic: topic }, undefined, { signal: controller.signal }))
      controller.abort()
      expect(await texts).toEqual([])
      expect(node.getPubsubTopics()).not.toContain(topic)
    })

    test('iteration ends when the node closes, and a stop does not end it', async () => {
      const node = await nodes.start()
      const ended: boolean[] = []
      const texts = drain(await node.subscribe({ pubsubTopic })).finally(() => ended.push(true))
      await node.stop()
      await turn()
      expect(ended).toEqual([])
      await node.close()
      expect(await texts).toEqual([])
    })

    test('a signal that has fired already makes no subscription', async () => {
      const { node } = shared()
      const reason = new Error('too late')
      const error = await expectRejection(node.subscribe({ pubsubTopic: `${pubsubTopic}2` }, undefined, { signal: AbortSignal.abort(reason) }), 'WAKU_ABORTED', { operation: 'subscribe' })
      expect(error.cause).toBe(reason)
      expect(node.getPubsubTopics()).not.toContain(`${pubsubTopic}2`)
    })

    test.each<[kind: string, fail: MessageListener]>([
      ['throws', () => { throw new Error('listener trouble') }],
      ['rejects', async () => { throw new Error('listener trouble') }]
    ])('a listener that %s is told of, and disturbs neither itself nor others', async (_, fail) => {
      const { node } = shared()
      const contentTopic = freshContentTopic()
      const errors = collectEvents(node, 'listener:error')
      const [mine, others]: [string[], string[]] = [[], []]
      await using _failing = await node.subscribe(filterOf(contentTopic), (received) => {
        mine.push(textOf(received))
        return fail(received)
      })
      await using _sound = await node.subscribe(filterOf(contentTopic), (received) => { others.push(textOf(received)) })
      await send(contentTopic, '1', '2')
      await until(() => { expect(mine).toEqual(['1', '2']) })
      expect(others).toEqual(['1', '2'])
      expect(errors.map(({ event, error }) => [event, (error as Error).message])).toEqual([['message', 'listener trouble'], ['message', 'listener trouble']])
    })

    test('subscribing and unsubscribing in quick succession ends as it was asked last', async () => {
      const node = await nodes.start({ shards: [] })
      const subscriptions = await Promise.all(Array.from({ length: 10 }, async () => await node.subscribe({ pubsubTopic })))
      await Promise.all(subscriptions.map(async (subscription) => await subscription.unsubscribe()))
      expect(node.getPubsubTopics()).toEqual([])
      const contentTopic = freshContentTopic()
      await using subscription = await node.subscribe({ pubsubTopic })
      await connect(node, await nodes.start())
      await node.publish(textMessage(contentTopic, 'back'), { pubsubTopic })
      expect((await take(subscription, 1)).map(textOf)).toEqual(['back'])
    })

    test.runIf(supports.unsubscribe)('a topic that is left is told to peers, who then send nothing for it', async () => {
      const node = await nodes.start({ shards: [] })
      const other = await nodes.start()
      const subscription = await node.subscribe({ pubsubTopic })
      await connect(other, node)
      await subscription.unsubscribe()
      await until(async () => await expectRejection(other.publish(textMessage(freshContentTopic(), 'unheard'), { pubsubTopic }), 'WAKU_NO_PEERS'))
    })

    const badCalls: Array<[argument: string, call: (node: WakuNode) => Promise<unknown>]> = [
      ['filter', async (node) => await node.subscribe(undefined as unknown as TopicFilter)],
      ['filter.contentTopic', async (node) => await node.subscribe({ contentTopic: '/a/1/b/c' } as TopicFilter)],
      ['filter.contentTopics', async (node) => await node.subscribe({ pubsubTopic, contentTopics: '/a/1/b/c' as unknown as string[] })],
      ['listener', async (node) => await node.subscribe({ pubsubTopic }, {} as unknown as MessageListener)],
      ['options.maxQueued', async (node) => await node.subscribe({ pubsubTopic }, undefined, { maxQueued: 1 } as SubscribeOptions)],
      ['options.maxQueuedMessages', async (node) => await node.subscribe({ pubsubTopic }, undefined, { maxQueuedMessages: 0 })],
      ['options.maxQueuedMessages', async (node) => await node.subscribe({ pubsubTopic }, undefined, { maxQueuedMessages: 1.5 })],
      ['options.signal', async (node) => await node.subscribe({ pubsubTopic }, undefined, { signal: {} as AbortSignal })]
    ]
    test.each(badCalls)('a bad %s is refused', async (argument, call) => {
      await expectRejection(call(shared().node), 'WAKU_INVALID_ARGUMENT', { argument })
    })
  })
}

async function drain (subscription: AsyncIterable<Parameters<typeof textOf>[0]>): Promise<string[]> {
  const texts: string[] = []
  for await (const received of subscription) texts.push(textOf(received))
  return texts
}
