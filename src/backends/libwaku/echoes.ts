/** How long an echo is waited for, in milliseconds. */
const maxAgeMs = 30_000

/**
 * The events by which the library repeats what this node publishes: one for each call, also for a message that it then could
 * give to nobody. The backend delivers what was sent itself, so each of these is left out.
 */
export class Echoes {
  readonly #awaited = new Map<string, { count: number, since: number }>()

  /** A message is about to be published. */
  expect (messageHash: string): void {
    const since = performance.now()
    const known = this.#awaited.get(messageHash)
    this.#awaited.delete(messageHash)
    this.#awaited.set(messageHash, { count: (known?.count ?? 0) + 1, since })
    this.#forgetBefore(since - maxAgeMs)
  }

  /** Tells whether an event is such a repetition, of which one less is then awaited. */
  take (messageHash: string): boolean {
    const known = this.#awaited.get(messageHash)
    if (known === undefined) return false
    known.count--
    if (known.count === 0) this.#awaited.delete(messageHash)
    return true
  }

  // The oldest come first.
  #forgetBefore (time: number): void {
    for (const [hash, { since }] of this.#awaited) {
      if (since >= time) return
      this.#awaited.delete(hash)
    }
  }
}
