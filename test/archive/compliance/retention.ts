import { describe, expect, it } from 'vitest'
import { nowNs } from '../../../src/message.js'
import { makeMessage } from '../../helpers/make-message.js'
import type { ArchiveSuite } from './suite.js'

/** Tests of what a retention policy deletes. */
export function describeRetention (suite: ArchiveSuite): void {
  describe('retention', () => {
    it('deletes what is older than the policy wants', async () => {
      const now = nowNs()
      await suite.archive.insert([makeMessage({ timestamp: now - 3_700_000_000_000n }), makeMessage({ timestamp: -1n }), makeMessage({ timestamp: now })])
      expect(await suite.archive.applyRetention({ maxAgeSeconds: 3600 })).toBe(2)
      expect(await suite.archive.stats()).toMatchObject({ numMessages: 1, oldestTimestamp: now })
    })

    it('deletes nothing while there are at most 1.3 times as many as the policy wants', async () => {
      await suite.fill(13)
      expect(await suite.archive.applyRetention({ maxMessages: 10 })).toBe(0)
    })

    it('deletes the oldest, of all pubsub topics, down to what the policy wants beyond that', async () => {
      const messages = await suite.fill(14, (i) => ({ pubsubTopic: `/waku/2/rs/16/${i % 2}` }))
      expect(await suite.archive.applyRetention({ maxMessages: 10 })).toBe(4)
      expect(await suite.hashesOf({})).toEqual(messages.slice(4).map(({ messageHash }) => messageHash))
    })

    it('deletes more than one step takes', async () => {
      await suite.fill(1700)
      expect(await suite.archive.applyRetention({ maxMessages: 100 })).toBe(1600)
      expect(await suite.archive.stats()).toMatchObject({ numMessages: 100, oldestTimestamp: 1600n })
    })

    it('deletes the oldest until what is left is small enough', async () => {
      await suite.fill(2000, () => ({ payload: Buffer.alloc(1000) }))
      const { sizeBytes } = await suite.archive.stats()
      const maxSizeBytes = Math.floor(sizeBytes / 2)
      await suite.archive.applyRetention({ maxSizeBytes })
      const left = await suite.archive.stats()
      expect(left.sizeBytes).toBeLessThanOrEqual(maxSizeBytes)
      expect(left.numMessages, 'not much more than needed').toBeGreaterThan(400)
      expect(left.newestTimestamp).toBe(1999n)
    })

    it('deletes nothing without a rule', async () => {
      await suite.fill(3)
      expect(await suite.archive.applyRetention({})).toBe(0)
    })

    it('lets a message in again that it has deleted', async () => {
      const messages = await suite.fill(3)
      await suite.archive.applyRetention({ maxMessages: 1 })
      expect(await suite.archive.insert(messages)).toBe(2)
    })

    it('lets inserts come between its steps', async () => {
      await suite.fill(6000)
      // Opens the connections that an engine may want, which could take longer than all deletion.
      await suite.archive.stats()
      let isOver = false
      const deleting = suite.archive.applyRetention({ maxMessages: 1 }).finally(() => { isOver = true })
      await suite.archive.insert([makeMessage({ timestamp: 5000n })])
      expect(isOver).toBe(false)
      await deleting
    })
  })
}
