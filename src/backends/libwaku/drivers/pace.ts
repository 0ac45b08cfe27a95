/** Over how long the load is measured, in milliseconds. */
const windowMs = 5

/** Answers and events in such a time from which on they are gathered. */
const manyItems = 4

/** From so many calls open at once on nobody waits for a single answer. */
const manyCalls = 3

/** What there was in a window of time. */
interface Load { readonly numItems: number, readonly openCalls: number }

const noLoad: Load = { numItems: 0, openCalls: 0 }

/**
 * Tells when what the library has for the application may be gathered for a moment instead of being taken at once. To wake
 * the event loop for each of thousands of items a second costs more than to handle them.
 */
export class Pace {
  #now = noLoad
  #before = noLoad
  #since = 0

  /** So many items came. @param openCalls - how many calls had no answer until then. */
  note (numItems: number, openCalls: number): void {
    const now = performance.now()
    if (now - this.#since > windowMs) {
      this.#before = now - this.#since > 2 * windowMs ? noLoad : this.#now
      this.#now = noLoad
      this.#since = now
    }
    this.#now = { numItems: this.#now.numItems + numItems, openCalls: Math.max(this.#now.openCalls, openCalls) }
  }

  /** Not while few things come, and not for a caller that waits for one answer at a time. */
  mayWait (openCalls: number): boolean {
    const numItems = Math.max(this.#now.numItems, this.#before.numItems)
    const mostCalls = Math.max(this.#now.openCalls, this.#before.openCalls)
    return numItems >= manyItems && (openCalls === 0 || mostCalls >= manyCalls)
  }
}
