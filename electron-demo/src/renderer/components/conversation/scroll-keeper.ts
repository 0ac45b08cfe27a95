import type { RefObject } from 'preact'

/** How near to the end counts as being there, in pixels. */
const nearEnd = 32

/** Keeps the end of a conversation in sight while somebody is there, and lets go when they scroll up. */
export class ScrollKeeper {
  readonly #scroller: RefObject<HTMLElement | null>
  #isAtEnd = true
  #lastTop = 0

  constructor (scroller: RefObject<HTMLElement | null>) {
    this.#scroller = scroller
  }

  get isAtEnd (): boolean {
    return this.#isAtEnd
  }

  /** Distance from the end, in pixels. */
  get distance (): number {
    const element = this.#scroller.current
    return element === null ? 0 : element.scrollHeight - element.scrollTop - element.clientHeight
  }

  /** Takes in that the list was scrolled. Rows that grow move the end away too, but never scroll up. */
  scrolled (): void {
    const top = this.#scroller.current?.scrollTop ?? 0
    if (this.distance < nearEnd) this.#isAtEnd = true
    else if (top < this.#lastTop - 1) this.#isAtEnd = false
    this.#lastTop = top
  }

  /** Lets go, to go elsewhere. */
  release (): void {
    this.#isAtEnd = false
  }

  /** Goes to the end if that is where it was. */
  keep (): void {
    const element = this.#scroller.current
    if (!this.#isAtEnd || element === null || this.distance < 1) return
    element.scrollTop = element.scrollHeight
    this.#lastTop = element.scrollTop
  }

  /** Goes to the end and stays there. */
  goToEnd (): void {
    this.#isAtEnd = true
    this.keep()
  }
}
