import { setTimeout as sleep } from 'node:timers/promises'
import { Transient } from './failure.js'
import type { Limits } from './limits.js'

const maxDelayMs = 10_000

/**
 * Runs something until it works, fails for good, or has failed too often; waits longer each time, by chance a little
 * more or less, so that those who failed together do not come back together.
 *
 * @throws the failure of the last attempt, and the signal's reason.
 */
export async function withRetries<T> (run: () => Promise<T>, { numAttempts, retryDelayMs }: Limits, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Transient)) throw error
      if (attempt >= numAttempts) throw error.failure
      const delayMs = Math.min(retryDelayMs * 2 ** (attempt - 1), maxDelayMs) * (0.75 + Math.random() / 2)
      await sleep(Math.max(delayMs, error.afterMs), undefined, { signal })
    }
  }
}
