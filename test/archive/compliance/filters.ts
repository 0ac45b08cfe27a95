import { describe, expect, it } from 'vitest'
import type { ReceivedMessage } from '../../../src/message.js'
import type { StoreQuery } from '../../../src/store.js'
import { fakeHash, makeMessage } from '../../helpers/make-message.js'
import type { ArchiveSuite } from './suite.js'

const minTimestamp = -(2n ** 63n)
const maxTimestamp = 2n ** 63n - 1n

/** Tests of what a query can ask for. */
export function describeFilters (suite: ArchiveSuite): void {
  describe('filters', () => {
    it('takes both ends of the time range in', async () => {
      const hashes = (await suite.fill(5)).map(({ messageHash }) => messageHash)
      expect(await suite.hashesOf({ timeStart: 1n, timeEnd: 3n })).toEqual(hashes.slice(1, 4))
      expect(await suite.hashesOf({ timeStart: 2n, timeEnd: 2n })).toEqual([hashes[2]])
      expect(await suite.hashesOf({ timeStart: 3n })).toEqual(hashes.slice(3))
      expect(await suite.hashesOf({ timeEnd: 1n })).toEqual(hashes.slice(0, 2))
      expect(await suite.hashesOf({ timeStart: 3n, timeEnd: 1n })).toEqual([])
    })

    it('takes the ends of what a timestamp can be, and beyond', async () => {
      await suite.archive.insert([makeMessage({ timestamp: minTimestamp }), makeMessage({ timestamp: maxTimestamp })])
      expect(await suite.hashesOf({ timeStart: minTimestamp, timeEnd: maxTimestamp })).toHaveLength(2)
      expect(await suite.hashesOf({ timeStart: minTimestamp - 1n, timeEnd: maxTimestamp + 1n })).toHaveLength(2)
      expect(await suite.hashesOf({ timeStart: maxTimestamp + 1n })).toHaveLength(0)
      expect(await suite.hashesOf({ timeEnd: minTimestamp - 1n })).toHaveLength(0)
    })

    it('finds messages on any of several content topics, in one order', async () => {
      const messages = await suite.fill(9, (i) => ({ contentTopic: `/${i % 3}` }))
      const wanted = messages.filter(({ message }) => message.contentTopic !== '/1').map(({ messageHash }) => messageHash)
      expect(await suite.hashesOf({ contentTopics: ['/2', '/0', '/0', '/unknown'] })).toEqual(wanted)
    })

    it('finds a content topic on every pubsub topic unless one is named', async () => {
      const messages = await suite.fill(4, (i) => ({ pubsubTopic: `/waku/2/rs/16/${i}` }))
      expect(await suite.hashesOf({ contentTopics: ['/test/1/a/proto'] })).toHaveLength(4)
      expect(await suite.hashesOf({ contentTopics: ['/test/1/a/proto'], pubsubTopic: '/waku/2/rs/16/2' })).toEqual([messages[2]?.messageHash])
    })

    it('takes an empty list of content topics or hashes as no filter', async () => {
      await suite.fill(2)
      expect(await suite.hashesOf({ contentTopics: [], messageHashes: [] })).toHaveLength(2)
    })

    it('finds nothing on a pubsub topic that it does not know', async () => {
      await suite.fill(2)
      expect(await suite.hashesOf({ pubsubTopic: '/waku/2/rs/16/99' })).toEqual([])
    })

    it('demands all that is given, with hashes too', async () => {
      const messages = await suite.fill(6, (i) => ({ contentTopic: `/${i % 2}`, pubsubTopic: `/waku/2/rs/16/${i % 3}` }))
      const messageHashes = [...messages.map(({ messageHash }) => messageHash), fakeHash(1)].reverse()
      const hashes = async (query: StoreQuery): Promise<number[]> => (await suite.hashesOf({ ...query, messageHashes }))
        .map((hash) => messages.findIndex(({ messageHash }) => messageHash === hash))
      expect(await hashes({})).toEqual([0, 1, 2, 3, 4, 5])
      expect(await hashes({ contentTopics: ['/1'] })).toEqual([1, 3, 5])
      expect(await hashes({ pubsubTopic: '/waku/2/rs/16/1' })).toEqual([1, 4])
      expect(await hashes({ contentTopics: ['/1'], pubsubTopic: '/waku/2/rs/16/1' })).toEqual([1])
      expect(await hashes({ timeStart: 2n, timeEnd: 3n })).toEqual([2, 3])
      expect(await hashes({ paginationCursor: messages[3]?.messageHash })).toEqual([4, 5])
      expect(await hashes({ paginationLimit: 2, paginationForward: false })).toEqual([4, 5])
    })

    it('takes a thousand content topics and a thousand hashes', async () => {
      const [message] = await suite.fill(1) as [ReceivedMessage]
      const contentTopics = Array.from({ length: 1000 }, (_, i) => `/${i}`)
      expect(await suite.hashesOf({ contentTopics: [...contentTopics, message.message.contentTopic] })).toHaveLength(1)
      const messageHashes = contentTopics.map((_, i) => fakeHash(i % 256, i >> 8))
      expect(await suite.hashesOf({ messageHashes: [...messageHashes, message.messageHash] })).toHaveLength(1)
    })
  })
}
