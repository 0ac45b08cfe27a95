const firstDelayMs = 1000
const maxDelayMs = 120_000

/** When a peer that could not be reached is tried again: after 1 s, doubled with each failure up to 2 minutes, a fifth of it random. */
export class Backoff {
  #numFailures = 0
  #nextAt = 0

  /** Whether the last attempt failed. */
  get failed (): boolean {
    return this.#numFailures > 0
  }

  /** Whether it is time to try. @param now - milliseconds of a monotonic clock. */
  isDue (now: number): boolean {
    return now >= this.#nextAt
  }

  failure (now: number): void {
    const delayMs = Math.min(firstDelayMs * 2 ** this.#numFailures, maxDelayMs)
    this.#numFailures++
    this.#nextAt = now + delayMs * (0.8 + 0.4 * Math.random())
  }

  /** Forgets all failures: the peer was reached, or the network is another than the one on which they happened. */
  reset (): void {
    this.#numFailures = 0
    this.#nextAt = 0
  }
}
