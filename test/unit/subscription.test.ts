import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { ReceivedMessage } from '../../src/message.js'
import { Subscription, type MessageListener } from '../../src/node/subscription.js'

const none = new Uint8Array()

function received (index: number, contentTopic = '/a/1/b/c'): ReceivedMessage {
  return { pubsubTopic: '/t', messageHash: `0x${index}`, message: { payload: none, contentTopic, version: 0, timestamp: BigInt(index), ephemeral: false, meta: none, proof: none } }
}

const indexOf = ({ message }: ReceivedMessage): number => Number(message.timestamp)

function subscribe (listener?: MessageListener, maxQueuedMessages = 1024, contentTopics?: string[]): { subscription: Subscription, dropped: () => number, failures: unknown[] } {
  let numDropped = 0
  const failures: unknown[] = []
  const subscription = new Subscription(['/t'], contentTopics, listener, maxQueuedMessages, {
    ended: async () => {},
    dropped: (count) => { numDropped += count },
    listenerFailed: (error) => failures.push(error)
  })
  return { subscription, dropped: () => numDropped, failures }
}

test('whatever the pace of reader and messages, what is read is in order, and all that is missing was counted', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.array(fc.boolean(), { maxLength: 80 }), async (bound, turns) => {
    const { subscription, dropped } = subscribe(undefined, bound)
    const iterator = subscription[Symbol.asyncIterator]()
    const read: number[] = []
    let numSent = 0
    for (const sends of turns) {
      if (sends) subscription.deliver(received(numSent++))
      else if (read.length + dropped() < numSent) read.push(indexOf((await iterator.next()).value as ReceivedMessage))
    }
    while (read.length + dropped() < numSent) read.push(indexOf((await iterator.next()).value as ReceivedMessage))
    expect(read).toEqual([...read].sort((a, b) => a - b))
    expect(new Set(read).size).toBe(read.length)
    expect(read.length + dropped()).toBe(numSent)
    expect(subscription.numDropped).toBe(dropped())
    // The newest are kept.
    expect(read.slice(-1)).toEqual(numSent === 0 ? [] : [numSent - 1])
  }))
})

test('a listener that is slow gets the messages one at a time, in order, and loses the oldest beyond the bound', async () => {
  const got: number[] = []
  let running = 0
  const release: Array<() => void> = []
  const { subscription, dropped } = subscribe(async (message) => {
    expect(++running).toBe(1)
    got.push(indexOf(message))
    await new Promise<void>((resolve) => { release.push(resolve) })
    running--
  }, 3)
  for (let index = 0; index < 10; index++) subscription.deliver(received(index))
  for (let index = 0; index < 4; index++) {
    await vi.waitFor(() => expect(release).toHaveLength(1))
    release.shift()?.()
  }
  await vi.waitFor(() => expect(got).toEqual([0, 7, 8, 9]))
  expect(dropped()).toBe(6)
})

test('a listener that throws or rejects is told of and called again', async () => {
  const got: number[] = []
  const { subscription, failures } = subscribe((message) => {
    got.push(indexOf(message))
    if (indexOf(message) === 0) throw new Error('thrown')
    return indexOf(message) === 1 ? Promise.reject(new Error('rejected')) : undefined
  })
  for (let index = 0; index < 4; index++) subscription.deliver(received(index))
  await vi.waitFor(() => expect(got).toEqual([0, 1, 2, 3]))
  expect(failures.map((error) => (error as Error).message)).toEqual(['thrown', 'rejected'])
})

test('messages that come while a listener runs wait for it, also when it makes them come', async () => {
  const got: string[] = []
  const { subscription } = subscribe((message) => {
    got.push(`begin ${indexOf(message)}`)
    if (indexOf(message) === 0) subscription.deliver(received(1))
    got.push(`end ${indexOf(message)}`)
  })
  subscription.deliver(received(0))
  await vi.waitFor(() => expect(got).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1']))
})

test('only messages of the chosen content topics are delivered', () => {
  const listener = vi.fn()
  const { subscription } = subscribe(listener, 10, ['/a/1/wanted/c'])
  subscription.deliver(received(1, '/a/1/other/c'))
  subscription.deliver(received(2, '/a/1/wanted/c'))
  expect(listener.mock.calls.map(([message]) => indexOf(message as ReceivedMessage))).toEqual([2])
})

test('an iteration ends when the subscription does, and so does one that waits', async () => {
  const { subscription } = subscribe()
  const waiting = subscription[Symbol.asyncIterator]().next()
  await subscription.unsubscribe()
  expect(await waiting).toEqual({ done: true, value: undefined })
  subscription.deliver(received(1))
  expect(await subscription[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined })
})

test('several loops share the messages', async () => {
  const { subscription } = subscribe()
  const read: number[] = []
  const loops = Array.from({ length: 3 }, async () => { for await (const message of subscription) read.push(indexOf(message)) })
  for (let index = 0; index < 30; index++) {
    subscription.deliver(received(index))
    await Promise.resolve()
  }
  await vi.waitFor(() => expect(read).toHaveLength(30))
  await subscription.unsubscribe()
  await Promise.all(loops)
  expect([...read].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index))
})
