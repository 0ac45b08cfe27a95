import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Archive } from '../../../src/archive/archive.js'
import { hashToHex } from '../../../src/message.js'
import type { MessageHash, ReceivedMessage } from '../../../src/message.js'
import type { StorePage, StoreQuery } from '../../../src/store.js'
import { makeMessage } from '../../helpers/make-message.js'
import type { ArchiveFixture } from './suite.js'

const pubsubTopics = ['/waku/2/rs/16/0', '/waku/2/rs/16/1', '/waku/2/rs/16/2']
const contentTopics = ['/a', '/b', '/c', '/d']

// Few of each kind, so that duplicates and ties are the rule.
const timestamp = fc.oneof(fc.bigInt(-3n, 6n), fc.constantFrom(-(2n ** 63n), 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n))
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => hashToHex(bytes))
const message = fc.record({
  timestamp, hash, pubsubTopic: fc.constantFrom(...pubsubTopics), contentTopic: fc.constantFrom(...contentTopics)
}).map(makeMessage)
const batches = fc.array(fc.array(message, { maxLength: 25 }), { minLength: 1, maxLength: 5 })

interface QueryPlan {
  readonly pubsubTopic: string | undefined
  readonly contentTopics: string[] | undefined
  readonly timeStart: bigint | undefined
  readonly timeEnd: bigint | undefined
  /** Indexes of messages, modulo their number. */
  readonly hashes: number[] | undefined
  readonly cursor: number | undefined
  readonly paginationForward: boolean | undefined
  readonly paginationLimit: number
}
const option = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined })
const queryPlan: fc.Arbitrary<QueryPlan> = fc.record({
  pubsubTopic: option(fc.constantFrom(...pubsubTopics, '/unknown')),
  contentTopics: option(fc.array(fc.constantFrom(...contentTopics, '/unknown'), { maxLength: 5 })),
  timeStart: option(timestamp),
  timeEnd: option(timestamp),
  hashes: option(fc.array(fc.nat(), { maxLength: 10 })),
  cursor: option(fc.nat()),
  paginationForward: option(fc.boolean()),
  paginationLimit: fc.integer({ min: 1, max: 12 })
})

/** Compares an archive with a naive one over random histories and queries, each walked to its last page. */
export function describeModel ({ setup, numModelRuns: numRuns = 50 }: ArchiveFixture): void {
  it('answers as a plain sorted list would', { timeout: 300_000 }, async () => {
    await fc.assert(fc.asyncProperty(batches, fc.array(queryPlan, { minLength: 1, maxLength: 8 }), async (inserted, plans) => {
      const place = await setup()
      const archive = place.create()
      try {
        await archive.open()
        const model = new Model()
        for (const batch of inserted) expect(await archive.insert(batch)).toBe(model.insert(batch))
        for (const plan of plans) await compare(archive, model, model.toQuery(plan))
      } finally {
        await archive.close()
        await place.teardown()
      }
    }), { numRuns })
  })
}

async function compare (archive: Archive, model: Model, query: StoreQuery): Promise<void> {
  const walked: MessageHash[] = []
  let paginationCursor = query.paginationCursor
  // Each page but the last brings something new, so this ends.
  for (let page = 0; page <= model.messages.length; page++) {
    const current = { ...query, paginationCursor }
    const found = await archive.query(current)
    const expected = model.query(current)
    expect({ hashes: found.messages.map(({ messageHash }) => messageHash), cursor: found.paginationCursor })
      .toEqual({ hashes: expected.messages.map(({ messageHash }) => messageHash), cursor: expected.paginationCursor })
    walked.push(...found.messages.map(({ messageHash }) => messageHash))
    if (found.paginationCursor === undefined) break
    paginationCursor = found.paginationCursor
  }
  expect(new Set(walked).size, 'no message on two pages').toBe(walked.length)
}

class Model {
  messages: ReceivedMessage[] = []

  insert (batch: readonly ReceivedMessage[]): number {
    const before = this.messages.length
    for (const received of batch) {
      if (!this.messages.some(({ messageHash }) => messageHash === received.messageHash)) this.messages.push(received)
    }
    // Hashes of one length in hex sort as their bytes do.
    this.messages.sort((a, b) => Number(a.message.timestamp > b.message.timestamp) - Number(a.message.timestamp < b.message.timestamp) ||
      Number(a.messageHash > b.messageHash) - Number(a.messageHash < b.messageHash))
    return this.messages.length - before
  }

  toQuery ({ hashes, cursor, ...rest }: QueryPlan): StoreQuery {
    const hashAt = (index: number): MessageHash | undefined => this.messages[index % Math.max(1, this.messages.length)]?.messageHash
    const messageHashes = hashes?.map(hashAt).filter((found) => found !== undefined)
    return { ...rest, messageHashes, paginationCursor: cursor === undefined ? undefined : hashAt(cursor) }
  }

  query (query: StoreQuery): StorePage {
    const { timeStart, timeEnd, paginationCursor: cursor, paginationForward = true, paginationLimit = 20 } = query
    const oneOf = <T>(list: readonly T[] | undefined, item: T): boolean => list === undefined || list.length === 0 || list.includes(item)
    const ordered = paginationForward ? this.messages : [...this.messages].reverse()
    const start = cursor === undefined ? 0 : ordered.findIndex(({ messageHash }) => messageHash === cursor) + 1
    const hits = ordered.slice(start).filter(({ messageHash, pubsubTopic, message: { contentTopic, timestamp: time } }) =>
      (query.pubsubTopic ?? pubsubTopic) === pubsubTopic && oneOf(query.contentTopics, contentTopic) && oneOf(query.messageHashes, messageHash) &&
      time >= (timeStart ?? time) && time <= (timeEnd ?? time))
    const messages = hits.slice(0, paginationLimit)
    const last = messages.at(-1)
    if (!paginationForward) messages.reverse()
    return hits.length > paginationLimit && last !== undefined ? { messages, paginationCursor: last.messageHash } : { messages }
  }
}
