import type { RefObject } from 'preact'

/** How near to the end counts as being there, in pixels. */
const nearEnd = 32

/** For how long a scroll is taken for somebody's doing after they touched wheel, key, bar or screen, in milliseconds. */
const intentMs = 400

const intents = ['wheel', 'keydown', 'pointerdown', 'pointermove', 'touchmove'] as const

/** Keeps the end of a conversation in sight while somebody is there, and lets go when they scroll up. */
export class ScrollKeeper {
  readonly #scroller: RefObject<HTMLElement | null>
  #isAtEnd = true
  #lastTop = 0
  #lastHeight = 0
  #lastIntentAt = Number.NEGATIVE_INFINITY

  constructor (scroller: RefObject<HTMLElement | null>) {
    this.#scroller = scroller
  }

  /** Distance from the end, in pixels. */
  get distance (): number {
    const element = this.#scroller.current
    return element === null ? 0 : element.scrollHeight - element.scrollTop - element.clientHeight
  }

  /** Keeps the end in sight whenever the rows or the window change their size. @returns a function that ends it. */
  watch (): () => void {
    const element = this.#scroller.current
    if (element === null) return () => {}
    const onIntent = (event: Event): void => {
      // Moving the pointer scrolls only while a button is down, on the scroll bar.
      if (event instanceof PointerEvent && event.type === 'pointermove' && event.buttons === 0) return
      this.#lastIntentAt = performance.now()
    }
    for (const intent of intents) element.addEventListener(intent, onIntent, { passive: true })
    const observer = new ResizeObserver(() => { this.keep() })
    for (const watched of [element, element.querySelector('ol')]) if (watched !== null) observer.observe(watched)
    return () => {
      observer.disconnect()
      for (const intent of intents) element.removeEventListener(intent, onIntent)
    }
  }

  /**
   * Takes in that the list was scrolled. Rows that turn out to be smaller or larger than expected scroll it too, so that
   * only a scroll counts that somebody is at, or that goes far.
   */
  scrolled (): void {
    const { scrollTop: top = 0, scrollHeight: height = 0, clientHeight: page = 0 } = this.#scroller.current ?? {}
    const { distance } = this
    const isFar = this.#lastTop - top > page && distance > page
    const isSomebodys = isFar || performance.now() - this.#lastIntentAt < intentMs
    if (distance < nearEnd && (isSomebodys || height === this.#lastHeight)) this.#isAtEnd = true
    else if (isSomebodys && top < this.#lastTop - 1) this.#isAtEnd = false
    this.#remember()
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
    this.#remember()
  }

  /** Goes to the end and stays there. */
  goToEnd (): void {
    this.#isAtEnd = true
    this.keep()
  }

  #remember (): void {
    this.#lastTop = this.#scroller.current?.scrollTop ?? 0
    this.#lastHeight = this.#scroller.current?.scrollHeight ?? 0
  }
}
