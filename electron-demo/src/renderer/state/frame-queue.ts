/** How long changes wait when nothing is painted because the window is hidden, in milliseconds. */
const hiddenIntervalMs = 250

/** Gathers what happens between two frames and hands it on at once, so that a burst costs one rendering. */
export class FrameQueue<T> {
  readonly #take: (items: readonly T[]) => void
  #items: T[] = []
  #frame: number | undefined
  #timer: number | undefined

  constructor (take: (items: readonly T[]) => void) {
    this.#take = take
  }

  push (item: T): void {
    this.#items.push(item)
    if (this.#items.length > 1) return
    // A window that becomes hidden gets no more frames, so the timer is set in any case.
    this.#frame = requestAnimationFrame(this.flush)
    this.#timer = window.setTimeout(this.flush, hiddenIntervalMs)
  }

  /** Hands on now what is waiting. */
  readonly flush = (): void => {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    if (this.#timer !== undefined) clearTimeout(this.#timer)
    this.#frame = this.#timer = undefined
    if (this.#items.length === 0) return
    const items = this.#items
    this.#items = []
    this.#take(items)
  }
}
