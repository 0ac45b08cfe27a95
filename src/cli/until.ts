import { setTimeout as sleep } from 'node:timers/promises'

const intervalMs = 10

/**
 * Looks again and again until there is something to be seen.
 *
 * @param timeoutMs - how long to look, in milliseconds.
 * @returns what was seen, or undefined when the time is up.
 */
export async function until<T> (look: () => Promise<T | undefined>, timeoutMs: number, signal: AbortSignal): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs
  while (performance.now() < deadline) {
    const seen = await look()
    if (seen !== undefined) return seen
    await sleep(intervalMs, undefined, { signal })
  }
  return undefined
}
