/** Over how long the load is measured, in milliseconds. */
const windowMs = 5

/** Answers and events in such a time from which on they are gathered. */
const manyItems = 4

/**
 * Tells when what the library has for the application may be gathered for a moment instead of being taken at once. To wake
 * the event loop for each of thousands of items a second costs more than to handle them.
 */
export class Pace {
  #items = 0
  #before = 0
  #since = 0

  /** So many items came. */
  note (numItems: number): void {
    const now = performance.now()
    if (now - this.#since > windowMs) {
      this.#before = now - this.#since > 2 * windowMs ? 0 : this.#items
      this.#items = 0
      this.#since = now
    }
    this.#items += numItems
  }

  /** Whether there is so much that what comes can wait. */
  get mayWait (): boolean {
    return Math.max(this.#items, this.#before) >= manyItems
  }
}
