import type { DropSource } from '../events.js'

/** How often drops are told at most, in milliseconds. */
const reportIntervalMs = 250

/** Adds up dropped messages and reports the sum of each source, at most a few times a second. */
export class DropReporter {
  readonly #report: (source: DropSource, count: number) => void
  readonly #counts = new Map<DropSource, number>()
  #timer: NodeJS.Timeout | undefined

  constructor (report: (source: DropSource, count: number) => void) {
    this.#report = report
  }

  /** Counts drops. */
  add (source: DropSource, count: number): void {
    this.#counts.set(source, (this.#counts.get(source) ?? 0) + count)
    this.#timer ??= setTimeout(() => this.flush(), reportIntervalMs).unref()
  }

  /** Reports what has not been reported yet. */
  flush (): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const counts = [...this.#counts]
    this.#counts.clear()
    for (const [source, count] of counts) this.#report(source, count)
  }
}
