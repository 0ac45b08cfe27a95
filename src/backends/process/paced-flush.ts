/** What can wait is sent at most this often, in milliseconds. */
const intervalMs = 2

/** With so many calls open at once each of them can wait. */
export const manyCalls = 8

/** A message of so many bytes is worth a transmission of its own. */
export const largeMessageBytes = 32 * 1024

/**
 * Decides when what has been collected is sent: at the end of the turn, so that what one turn brings goes together; under load a
 * little later, because each transmission wakes another process, and costs more than the messages in it.
 */
export class PacedFlush {
  readonly #flush: () => void
  #lastAt = -Infinity
  #isSoon = false
  #timer: NodeJS.Timeout | undefined

  constructor (flush: () => void) {
    this.#flush = flush
  }

  /** There is something to send. @param canWait - whether a while for more to come, when something was sent just now. */
  schedule (canWait: boolean): void {
    if (this.#isSoon || (canWait && this.#timer !== undefined)) return
    const earlyMs = canWait ? this.#lastAt + intervalMs - performance.now() : 0
    if (earlyMs > 0) {
      this.#timer = setTimeout(this.#run, earlyMs)
    } else {
      this.#isSoon = true
      setImmediate(this.#run)
    }
  }

  readonly #run = (): void => {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isSoon = false
    this.#lastAt = performance.now()
    this.#flush()
  }
}
