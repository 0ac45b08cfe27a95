import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { resolveOptions } from '../../src/config.js'
import { WakuError } from '../../src/errors.js'
import type { MessageHash } from '../../src/message.js'
import type { StoredMessage, StorePage, StoreQuery } from '../../src/store.js'
import { fetchPatiently, prepareQuery, splitQuery, walkStore } from '../../src/store-reader.js'
import { pubsubTopicOfShard, shardOfContentTopic } from '../../src/topics.js'

const config = resolveOptions({ clusterId: 16 })
const staticConfig = resolveOptions({ clusterId: 16, shards: [1] })
const none = new Uint8Array()
const hashOf = (index: number): MessageHash => `0x${index.toString(16).padStart(64, '0')}`

/** A message of a fake store. */
function stored (index: number, contentTopic: string, timestamp: bigint): StoredMessage {
  return {
    messageHash: hashOf(index),
    pubsubTopic: pubsubTopicOfShard(16, shardOfContentTopic(contentTopic, 8)),
    message: { payload: none, contentTopic, version: 0, timestamp, ephemeral: false, meta: none, proof: none }
  }
}

/** A store as it should be: filters, orders, pages. */
function fakeStore (messages: readonly StoredMessage[]): (query: StoreQuery) => Promise<StorePage> {
  const order = (a: StoredMessage, b: StoredMessage): number =>
    Number((a.message?.timestamp ?? 0n) - (b.message?.timestamp ?? 0n)) || (a.messageHash < b.messageHash ? -1 : 1)
  return async ({ pubsubTopic, contentTopics = [], messageHashes = [], paginationCursor, paginationForward = true, paginationLimit = 20, includeData = true }) => {
    const all = messages
      .filter((each) => pubsubTopic === undefined || each.pubsubTopic === pubsubTopic)
      .filter((each) => contentTopics.length === 0 || contentTopics.includes(each.message?.contentTopic ?? ''))
      .filter((each) => messageHashes.length === 0 || messageHashes.includes(each.messageHash))
      .sort(order)
    if (!paginationForward) all.reverse()
    const start = paginationCursor === undefined ? 0 : all.findIndex(({ messageHash }) => messageHash === paginationCursor) + 1
    const page = all.slice(start, start + paginationLimit)
    const last = page.at(-1)
    const told = (paginationForward ? page : [...page].reverse()).map((each) => includeData ? each : { messageHash: each.messageHash })
    return { messages: told, ...(start + paginationLimit < all.length && last !== undefined && { paginationCursor: last.messageHash }) }
  }
}

const topics = Array.from({ length: 40 }, (_, index) => `/app${index % 5}/1/topic-${index}/proto`)
const contents = fc.array(fc.record({ topic: fc.constantFrom(...topics), time: fc.nat({ max: 30 }) }), { maxLength: 150 })
  .map((each) => each.map(({ topic, time }, index) => stored(index + 1, topic, BigInt(time))))

async function collect (walk: AsyncIterable<StoredMessage>): Promise<MessageHash[]> {
  const hashes: MessageHash[] = []
  for await (const { messageHash } of walk) hashes.push(messageHash)
  return hashes
}

/** Every pair of a content topic and a hash that a query asks for; all of them, where it names none. */
function cellsOf ({ contentTopics = [], messageHashes = [] }: StoreQuery): string[] {
  const hashes = messageHashes.length === 0 ? ['any'] : messageHashes
  return (contentTopics.length === 0 ? ['any'] : contentTopics).flatMap((topic) => hashes.map((hash) => `${topic} ${hash}`))
}

describe('a wide query', () => {
  test('is split into requests of one shard, at most ten content topics and at most a hundred hashes, which cover it', () => {
    const width = fc.record({ contentTopics: fc.uniqueArray(fc.constantFrom(...topics)), messageHashes: fc.uniqueArray(fc.nat({ max: 999 }).map(hashOf), { maxLength: 350 }) })
    fc.assert(fc.property(width, (query) => {
      const parts = splitQuery(config, query)
      for (const { pubsubTopic, contentTopics = [], messageHashes = [] } of parts) {
        expect(contentTopics.length).toBeLessThanOrEqual(10)
        expect(messageHashes.length).toBeLessThanOrEqual(100)
        for (const topic of contentTopics) expect(pubsubTopicOfShard(16, shardOfContentTopic(topic, 8))).toBe(pubsubTopic)
      }
      expect(parts.flatMap(cellsOf).sort()).toEqual(cellsOf(query).sort())
    }), { numRuns: 40 })
  })

  test('yields what one request to a store without limits would, in the same order, either way', async () => {
    await fc.assert(fc.asyncProperty(contents, fc.uniqueArray(fc.constantFrom(...topics)), fc.boolean(), fc.integer({ min: 1, max: 100 }), async (messages, contentTopics, paginationForward, paginationLimit) => {
      const store = fakeStore(messages)
      const whole = await store({ contentTopics, paginationForward, paginationLimit: 100_000 })
      const expected = whole.messages.map(({ messageHash }) => messageHash)
      const walked = await collect(walkStore(splitQuery(config, { contentTopics, paginationForward, paginationLimit }), store))
      expect(walked).toEqual(paginationForward ? expected : expected.reverse())
    }), { numRuns: 100 })
  })

  test('finds each of many hashes once', async () => {
    await fc.assert(fc.asyncProperty(contents, async (messages) => {
      const messageHashes = Array.from({ length: 250 }, (_, index) => hashOf(index))
      const walked = await collect(walkStore(splitQuery(config, { messageHashes, includeData: false }), fakeStore(messages)))
      expect(walked.sort()).toEqual(messages.map(({ messageHash }) => messageHash).sort())
    }), { numRuns: 30 })
  })

  test('fetches no page before it is needed', async () => {
    const fetch = vi.fn(fakeStore(Array.from({ length: 300 }, (_, index) => stored(index + 1, topics[0] as string, BigInt(index)))))
    const walk = walkStore(splitQuery(config, {}), fetch)
    for (let index = 0; index < 100; index++) await walk.next()
    expect(fetch).toHaveBeenCalledTimes(1)
    await walk.next()
    expect(fetch).toHaveBeenCalledTimes(2)
  })

  test('fails as its page does', async () => {
    const failure = new WakuError('WAKU_TIMEOUT', 'slow', { operation: 'queryStore', timeoutMs: 1 })
    await expect(collect(walkStore(splitQuery(config, { contentTopics: topics }), async () => { throw failure }))).rejects.toBe(failure)
  })

  test.each<[string, () => StorePage]>([
    ['the cursor that it was given', () => ({ messages: [stored(1, topics[0] as string, 1n)], paginationCursor: hashOf(1) })],
    ['no message but a cursor', () => ({ messages: [], paginationCursor: hashOf(Math.floor(Math.random() * 1e9)) })]
  ])('ends when the store answers with %s', async (_, page) => {
    const fetch = vi.fn(async () => page())
    await collect(walkStore([{}], fetch))
    expect(fetch.mock.calls.length).toBeLessThanOrEqual(2)
  })
})

describe('a query for one page', () => {
  test('gets the pubsub topic of its content topics', () => {
    const contentTopics = ['/app/1/a/proto', '/app/1/b/proto']
    expect(prepareQuery(config, { contentTopics })).toEqual({ contentTopics, pubsubTopic: pubsubTopicOfShard(16, shardOfContentTopic('/app/1/a/proto', 8)) })
    expect(prepareQuery(staticConfig, { contentTopics })).toEqual({ contentTopics })
  })

  test.each<[object, string]>([
    [{ contentTopics: topics.slice(0, 11) }, 'query.contentTopics'],
    [{ contentTopics: topics.slice(0, 5) }, 'query.contentTopics'],
    [{ messageHashes: Array.from({ length: 101 }, (_, index) => hashOf(index)) }, 'query.messageHashes'],
    [{ messageHashes: ['0xAB'] }, 'query.messageHashes[0]'],
    [{ paginationLimit: 101 }, 'query.paginationLimit'],
    [{ paginationLimit: 0 }, 'query.paginationLimit'],
    [{ timeStart: 2n, timeEnd: 1n }, 'query.timeStart'],
    [{ timeStart: -1n }, 'query.timeStart'],
    [{ timeEnd: 2n ** 63n }, 'query.timeEnd'],
    [{ timeEnd: 5 }, 'query.timeEnd'],
    [{ pubsubTopic: '/waku/2/rs/17/1' }, 'pubsubTopic'],
    [{ cursor: hashOf(1) }, 'query.cursor']
  ])('refuses %o', (query, argument) => {
    expect(() => prepareQuery(config, query)).toThrow(expect.objectContaining({ code: 'WAKU_INVALID_ARGUMENT', details: expect.objectContaining({ argument }) as unknown }) as Error)
  })
})

describe('a store that answers 429', () => {
  const busy = new WakuError('WAKU_STORE_FAILED', 'busy', { statusCode: 429, statusDesc: 'TOO_MANY_REQUESTS' })

  test('is asked again until it answers, and not again for another failure', async () => {
    const other = new WakuError('WAKU_STORE_FAILED', 'bad', { statusCode: 300, statusDesc: '' })
    const fetch = vi.fn<() => Promise<StorePage>>().mockRejectedValueOnce(busy).mockResolvedValueOnce({ messages: [] })
    expect(await fetchPatiently(fetch, new AbortController().signal)).toEqual({ messages: [] })
    expect(fetch).toHaveBeenCalledTimes(2)
    await expect(fetchPatiently(async () => { throw other }, new AbortController().signal)).rejects.toBe(other)
  })

  test('is not waited for any longer when the signal fires', async () => {
    const controller = new AbortController()
    const waiting = fetchPatiently(async () => { throw busy }, controller.signal)
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
  })
})
