import type { RateLimit } from '../../config.js'

/** Lets `volume` requests through in a period, refilled evenly, as nwaku does: one bucket for a protocol. */
export class TokenBucket {
  readonly #limit: RateLimit | undefined
  #tokens: number
  #filledAt = performance.now()

  /** @param limit - undefined lets everything through. */
  constructor (limit: RateLimit | undefined) {
    this.#limit = limit
    this.#tokens = limit?.volume ?? Infinity
  }

  /** Takes a token. @returns false when there is none. */
  take (): boolean {
    if (this.#limit === undefined) return true
    const now = performance.now()
    this.#tokens = Math.min(this.#limit.volume, this.#tokens + (now - this.#filledAt) / this.#limit.periodMs * this.#limit.volume)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}
