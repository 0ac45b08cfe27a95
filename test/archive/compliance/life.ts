import { describe, expect, it } from 'vitest'
import { fakeHash, makeMessage } from '../../helpers/make-message.js'
import type { ArchiveSuite } from './suite.js'

/** Tests of opening, closing and calls at once. */
export function describeLife (suite: ArchiveSuite): void {
  describe('life', () => {
    it('tells how large it is', async () => {
      expect(await suite.archive.stats()).toMatchObject({ numMessages: 0 })
      await suite.fill(5)
      const { sizeBytes, ...stats } = await suite.archive.stats()
      expect(stats).toEqual({ numMessages: 5, oldestTimestamp: 0n, newestTimestamp: 4n })
      expect(sizeBytes).toBeGreaterThan(1000)
    })

    it('serves calls that are made at once', async () => {
      const inserts = Array.from({ length: 20 }, async (_, i) => await suite.archive.insert([makeMessage({ timestamp: BigInt(i) })]))
      expect(await Promise.all(inserts)).toEqual(inserts.map(() => 1))
    })

    it('finishes what was begun before it closes', async () => {
      const inserting = suite.archive.insert([makeMessage()])
      await suite.archive.close()
      expect(await inserting).toBe(1)
    })

    it('can be closed twice', async () => {
      await suite.archive.close()
      await expect(suite.archive.close()).resolves.toBeUndefined()
    })

    it('rejects every call once it is closed', async () => {
      await suite.archive.close()
      const calls = [suite.archive.insert([makeMessage()]), suite.archive.query({}), suite.archive.has([fakeHash(1)]), suite.archive.stats(), suite.archive.applyRetention({ maxMessages: 1 })]
      for (const outcome of await Promise.allSettled(calls)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'WAKU_ARCHIVE_FAILED', details: { reason: 'closed' } } })
      }
    })
  })
}
