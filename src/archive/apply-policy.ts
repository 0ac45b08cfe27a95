import { setImmediate } from 'node:timers/promises'
import { nowNs } from '../message.js'
import type { Archive, RetentionPolicy } from './archive.js'
import type { PageRange } from './page-range.js'
import { rangeUpTo, wholeRange } from './page-range.js'
import { excessOf } from './retention-policy.js'

/** What retention needs of an engine. */
export interface RetentionSteps {
  readonly stats: Archive['stats']
  /** Deletes the oldest messages of a range, at most `limit`, in one transaction; returns how many went. */
  readonly deleteOldest: (limit: number, range: PageRange) => Promise<number>
}

// Some milliseconds of work.
const numDeletedPerStep = 500

/** Deletes what a policy does not keep, in steps between which other calls come to work; returns how many messages went. */
export async function applyPolicy (policy: RetentionPolicy, { stats, deleteOldest }: RetentionSteps): Promise<number> {
  const { maxAgeSeconds, maxSizeBytes } = policy
  let numDeleted = 0
  // Until there is nothing left to delete, or `excess`, given the number that went in this pass, says so.
  const run = async (range: PageRange, excess: (numGone: number) => number | Promise<number>): Promise<void> => {
    for (let numGone = 0; ;) {
      const limit = Math.min(numDeletedPerStep, await excess(numGone))
      const step = limit <= 0 ? 0 : await deleteOldest(limit, range)
      if (step === 0) return
      numGone += step
      numDeleted += step
      await setImmediate()
    }
  }
  if (maxAgeSeconds !== undefined) await run(rangeUpTo(nowNs() - BigInt(Math.ceil(maxAgeSeconds * 1e9)) - 1n), () => Infinity)
  // Found once: deletion begins at more than 1.3 times as many as wanted, and goes on below that.
  const excess = excessOf(policy, (await stats()).numMessages)
  await run(wholeRange, (numGone) => excess - numGone)
  if (maxSizeBytes !== undefined) await run(wholeRange, async () => (await stats()).sizeBytes > maxSizeBytes ? Infinity : 0)
  return numDeleted
}
