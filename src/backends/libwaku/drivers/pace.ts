/** Over how long the load is measured, in milliseconds. */
const windowMs = 5

/** Answers and events in such a time from which on they are gathered. */
const manyItems = 4

/** And in the last two of them from which on they are a flood: one window may have a burst of large messages. */
const floodItems = 20

/**
 * How long they are gathered, in milliseconds. With one, the event loop works on few messages at a time, and of 10 KiB each costs it
 * half as much again; with more than two, publishers of such messages wait.
 */
const gatherMs = 2

/**
 * Tells for how long what the library has for the application may be gathered instead of being taken at once. To wake
 * the event loop for each of thousands of items a second costs more than to handle them.
 */
export class Pace {
  readonly #floodMs: number
  #items = 0
  #before = 0
  #since = 0

  /** @param floodMs - how long a flood is gathered, in milliseconds. */
  constructor (floodMs = gatherMs) {
    this.#floodMs = floodMs
  }

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

  /** How long what comes can wait, in milliseconds. */
  get waitMs (): number {
    if (Math.max(this.#items, this.#before) < manyItems) return 0
    return this.#items + this.#before < floodItems ? gatherMs : this.#floodMs
  }
}
