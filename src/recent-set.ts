/**
 * Remembers keys for at least `maxAgeMs`, or, beyond `maxEntries` in that time, the newest of them.
 * Two generations instead of a time per key: forgetting costs nothing, and memory is bounded by twice `maxEntries`.
 */
export class RecentSet {
  #current = new Set<string>()
  #previous = new Set<string>()
  #turnAt: number
  readonly #maxAgeMs: number
  readonly #maxEntries: number

  constructor (maxAgeMs: number, maxEntries: number) {
    this.#maxAgeMs = maxAgeMs
    this.#maxEntries = maxEntries
    this.#turnAt = performance.now() + maxAgeMs
  }

  /** Tells whether a key was added lately. */
  has (key: string): boolean {
    return this.#current.has(key) || this.#previous.has(key)
  }

  /** Adds a key. @returns whether it was new. */
  add (key: string): boolean {
    const now = performance.now()
    if (now >= this.#turnAt || this.#current.size >= this.#maxEntries) {
      // After a pause of a whole age, what is in the current generation is old too.
      this.#previous = now >= this.#turnAt + this.#maxAgeMs ? new Set() : this.#current
      this.#current = new Set()
      this.#turnAt = now + this.#maxAgeMs
    }
    if (this.has(key)) return false
    this.#current.add(key)
    return true
  }
}
