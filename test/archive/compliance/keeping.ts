import { describe, expect, it } from 'vitest'
import type { ReceivedMessage } from '../../../src/message.js'
import type { StoredMessage } from '../../../src/store.js'
import { fakeHash, makeMessage } from '../../helpers/make-message.js'
import type { ArchiveSuite } from './suite.js'

const minTimestamp = -(2n ** 63n)
const maxTimestamp = 2n ** 63n - 1n

/** Tests of what an archive keeps. */
export function describeKeeping (suite: ArchiveSuite): void {
  describe('keeping', () => {
    it('returns what was inserted, to the last byte and nanosecond', async () => {
      const inserted = [
        makeMessage({ timestamp: minTimestamp, payload: new Uint8Array(0) }),
        makeMessage({ timestamp: -1n, payload: Buffer.alloc(150_000, 'x') }),
        makeMessage({ timestamp: 2n ** 53n + 1n, meta: Uint8Array.from({ length: 64 }, (_, i) => i), version: 0xffff_ffff }),
        makeMessage({ timestamp: maxTimestamp, payload: Uint8Array.from({ length: 256 }, (_, i) => i) })
      ]
      await suite.archive.insert(inserted)
      const { messages } = await suite.archive.query({})
      expect(messages.map(plain)).toEqual(inserted.map(plain))
    })

    it('keeps neither ephemeral nor proof', async () => {
      await suite.archive.insert([makeMessage({ ephemeral: true, proof: Buffer.from('proof') })])
      const { messages: [stored] } = await suite.archive.query({})
      expect(stored?.message).toMatchObject({ ephemeral: false, proof: new Uint8Array(0) })
    })

    it('keeps topics with any character and of any length', async () => {
      const topics = ['', 'nul\0nul', '\'; DROP TABLE messages; --', '\\x00', '{"a"}', '🙂'.repeat(20), 'x'.repeat(100_000)]
      const inserted = topics.map((topic, i) => makeMessage({ contentTopic: topic, pubsubTopic: `/p/${topic}`, timestamp: BigInt(i) }))
      await suite.archive.insert(inserted)
      const { messages } = await suite.archive.query({})
      expect(messages.map(plain)).toEqual(inserted.map(plain))
      for (const { message: { contentTopic }, pubsubTopic, messageHash } of inserted) {
        expect(await suite.hashesOf({ contentTopics: [contentTopic], pubsubTopic }), contentTopic.slice(0, 50)).toEqual([messageHash])
      }
    })

    it('tells topics apart whose names run together alike', async () => {
      await suite.archive.insert([makeMessage({ pubsubTopic: '/a', contentTopic: '/b/c' }), makeMessage({ pubsubTopic: '/a/b', contentTopic: '/c' })])
      expect(await suite.hashesOf({ pubsubTopic: '/a', contentTopics: ['/b/c'] })).toHaveLength(1)
    })

    it('takes payloads that are parts of a larger buffer, and leaves that buffer alone', async () => {
      const whole = new Uint8Array(100_000).fill(7)
      const payload = whole.subarray(10, 20)
      await suite.archive.insert([makeMessage({ payload })])
      const { messages: [stored] } = await suite.archive.query({})
      expect(stored?.message?.payload).toHaveLength(10)
      expect(whole).toHaveLength(100_000)
    })

    it('counts only what is new, within a call and between calls', async () => {
      const [first, second] = [makeMessage({ timestamp: 1n }), makeMessage({ timestamp: 2n })]
      expect(await suite.archive.insert([first, first])).toBe(1)
      expect(await suite.archive.insert([first, second])).toBe(1)
      expect(await suite.archive.stats()).toMatchObject({ numMessages: 2 })
    })

    it('takes an empty list', async () => {
      expect(await suite.archive.insert([])).toBe(0)
    })

    it('takes more messages in one call than fit into one turn', async () => {
      const messages = Array.from({ length: 1234 }, (_, i) => makeMessage({ timestamp: BigInt(i), payload: Buffer.alloc(2000, i) }))
      expect(await suite.archive.insert(messages)).toBe(1234)
    })

    it('keeps messages when it is closed and opened again', async () => {
      const [message] = await suite.fill(1)
      await suite.reopen()
      expect(await suite.hashesOf({})).toEqual([message?.messageHash])
    })

    it('tells which hashes it has', async () => {
      const [first, second] = await suite.fill(2) as [ReceivedMessage, ReceivedMessage]
      const known = await suite.archive.has([second.messageHash, fakeHash(1), first.messageHash])
      expect([...known].sort()).toEqual([first.messageHash, second.messageHash].sort())
    })

    it('knows none of no hashes', async () => {
      expect((await suite.archive.has([])).size).toBe(0)
    })
  })
}

/** A message in a form that compares bytes by value, whatever kind of array they are in. */
function plain ({ messageHash, pubsubTopic, message }: StoredMessage | ReceivedMessage) {
  const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')
  return { ...message, messageHash, pubsubTopic, payload: hex(message?.payload), meta: hex(message?.meta), proof: undefined }
}
