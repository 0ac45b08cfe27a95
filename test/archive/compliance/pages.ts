import { describe, expect, it } from 'vitest'
import { isWakuError } from '../../../src/errors.js'
import { fakeHash, makeMessage } from '../../helpers/make-message.js'
import type { ArchiveSuite } from './suite.js'

const minTimestamp = -(2n ** 63n)
const maxTimestamp = 2n ** 63n - 1n

/** Tests of the order of messages and of pages. */
export function describePages (suite: ArchiveSuite): void {
  describe('order', () => {
    it('sorts by timestamp, negative ones first', async () => {
      const timestamps = [5n, -1n, maxTimestamp, 0n, minTimestamp, 2n ** 53n + 1n, 2n ** 53n]
      await suite.archive.insert(timestamps.map((timestamp) => makeMessage({ timestamp })))
      const { messages } = await suite.archive.query({})
      expect(messages.map(({ message }) => message?.timestamp)).toEqual([minTimestamp, -1n, 0n, 5n, 2n ** 53n, 2n ** 53n + 1n, maxTimestamp])
    })

    it('sorts equal timestamps by the bytes of the hash', async () => {
      const hashes = [fakeHash(0xff), fakeHash(0x80), fakeHash(0x7f), fakeHash(0, 1), fakeHash(0), fakeHash(0x80, 1)]
      await suite.archive.insert(hashes.map((hash, i) => makeMessage({ hash, timestamp: 1n, contentTopic: `/${i % 2}` })))
      const golden = [fakeHash(0), fakeHash(0, 1), fakeHash(0x7f), fakeHash(0x80), fakeHash(0x80, 1), fakeHash(0xff)]
      expect(await suite.hashesOf({}), 'all').toEqual(golden)
      expect(await suite.hashesOf({ contentTopics: ['/1', '/0'] }), 'two topics').toEqual(golden)
      expect(await suite.hashesOf({ messageHashes: hashes }), 'by hash').toEqual(golden)
      expect(await suite.hashesOf({ paginationForward: false }), 'backward').toEqual(golden)
    })
  })

  describe('pages', () => {
    it('holds 20 messages unless told otherwise, and at most 100', async () => {
      await suite.fill(150)
      expect(await suite.hashesOf({})).toHaveLength(20)
      expect(await suite.hashesOf({ paginationLimit: 7 })).toHaveLength(7)
      expect(await suite.hashesOf({ paginationLimit: 100 })).toHaveLength(100)
      expect(await suite.hashesOf({ paginationLimit: 1000 })).toHaveLength(100)
    })

    it('walks forward from the oldest, and gives a cursor, the last hash, only if there is more', async () => {
      const hashes = (await suite.fill(6)).map(({ messageHash }) => messageHash)
      const first = await suite.archive.query({ paginationLimit: 3 })
      expect(first.messages.map(({ messageHash }) => messageHash)).toEqual(hashes.slice(0, 3))
      expect(first.paginationCursor).toBe(hashes[2])
      const second = await suite.archive.query({ paginationLimit: 3, paginationCursor: first.paginationCursor })
      expect(second.messages.map(({ messageHash }) => messageHash)).toEqual(hashes.slice(3))
      expect(second).not.toHaveProperty('paginationCursor')
    })

    it('walks backward from the newest, each page with its oldest message first', async () => {
      const hashes = (await suite.fill(5)).map(({ messageHash }) => messageHash)
      const first = await suite.archive.query({ paginationLimit: 3, paginationForward: false })
      expect(first.messages.map(({ messageHash }) => messageHash)).toEqual(hashes.slice(2))
      expect(first.paginationCursor).toBe(hashes[2])
      const second = await suite.archive.query({ paginationLimit: 3, paginationForward: false, paginationCursor: first.paginationCursor })
      expect(second.messages.map(({ messageHash }) => messageHash)).toEqual(hashes.slice(0, 2))
      expect(second).not.toHaveProperty('paginationCursor')
    })

    it('takes a cursor that the filters exclude as a place in the order', async () => {
      const messages = await suite.fill(6, (i) => ({ contentTopic: `/${i % 2}` }))
      const page = await suite.hashesOf({ contentTopics: ['/1'], paginationCursor: messages[2]?.messageHash })
      expect(page).toEqual([messages[3]?.messageHash, messages[5]?.messageHash])
    })

    it('never leaves the time range for a cursor outside of it', async () => {
      const messages = await suite.fill(6)
      const range = { timeStart: 2n, timeEnd: 3n }
      expect(await suite.hashesOf({ ...range, paginationCursor: messages[0]?.messageHash }), 'before').toHaveLength(2)
      expect(await suite.hashesOf({ ...range, paginationCursor: messages[5]?.messageHash }), 'after').toHaveLength(0)
      expect(await suite.hashesOf({ ...range, paginationForward: false, paginationCursor: messages[5]?.messageHash }), 'after, backward').toHaveLength(2)
    })

    it('rejects a cursor that it does not know in nwaku\'s words', async () => {
      await suite.fill(1)
      const error: unknown = await suite.archive.query({ paginationCursor: fakeHash(9) }).catch((reason: unknown) => reason)
      expect(isWakuError(error, 'WAKU_STORE_FAILED') && error.details)
        .toEqual({ statusCode: 300, statusDesc: 'BAD_RESPONSE: archive error: DRIVER_ERROR: cursor not found' })
    })

    it('returns hashes alone when asked for no data', async () => {
      const [message] = await suite.fill(1)
      const { messages: [stored] } = await suite.archive.query({ includeData: false })
      expect(Object.entries(stored ?? {})).toEqual([['messageHash', message?.messageHash]])
    })

    it('is empty, without a cursor, on an empty archive', async () => {
      expect(await suite.archive.query({})).toEqual({ messages: [] })
    })
  })
}
