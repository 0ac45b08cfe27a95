import type { RefObject } from 'preact'
import { flushSync } from 'preact/compat'
import { useRef, useState } from 'preact/hooks'
import type { VirtualizerHandle } from 'virtua'
import { copy } from '../../state/actions.js'
import type { Timeline } from '../../state/timeline.js'
import { retryRow, standing } from './message-row.js'
import type { ScrollKeeper } from './scroll-keeper.js'

interface ListParts {
  readonly roomId: string
  readonly timeline: Timeline
  readonly list: RefObject<VirtualizerHandle | null>
  readonly scroller: RefObject<HTMLElement | null>
  readonly keeper: ScrollKeeper
  readonly numShown: number
}

/** Frames that a row is waited for. */
const mostFrames = 180

/** Moves the focus from message to message with the arrow keys, and copies or retries the focused one. */
export function useListKeys ({ roomId, timeline, list, scroller, keeper, numShown }: ListParts) {
  const [activeKey, setActiveKey] = useState<number | undefined>(undefined)
  /** The row that is to have the focus as soon as it is there. */
  const wanted = useRef<number | undefined>(undefined)
  const active = activeKey === undefined ? undefined : timeline.indexOfKey(activeKey)
  const activeIndex = active !== undefined && active >= 0 && active < numShown ? active : undefined

  // A row that was not in sight is fetched, and hidden until it is measured.
  const giveFocus = (key: number, framesLeft: number): void => {
    const row = scroller.current?.querySelector<HTMLElement>(`[data-key='${key}']`)
    const isElsewhere = scroller.current?.contains(document.activeElement) !== true && document.activeElement !== document.body
    if (wanted.current !== key || isElsewhere) return
    row?.focus({ preventScroll: true })
    if (document.activeElement === row) wanted.current = undefined
    else if (framesLeft > 0) requestAnimationFrame(() => { giveFocus(key, framesLeft - 1) })
  }

  const goTo = (index: number): void => {
    if (numShown === 0) return
    const target = Math.min(Math.max(index, 0), numShown - 1)
    if (target < numShown - 1) keeper.release()
    const key = timeline.keyOf(target)
    wanted.current = key
    // At once, so that a key that follows at once finds the focus moved.
    flushSync(() => { setActiveKey(key) })
    if (target === numShown - 1) keeper.goToEnd()
    else list.current?.scrollToIndex(target, { align: target === 0 ? 'start' : 'nearest' })
    giveFocus(key, mostFrames)
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const lastVisible = (): number => list.current?.findItemIndex((list.current.scrollOffset) + list.current.viewportSize - 24) ?? numShown - 1
    const moves: Readonly<Record<string, () => number>> = {
      ArrowUp: () => activeIndex === undefined ? lastVisible() : activeIndex - 1,
      ArrowDown: () => activeIndex === undefined ? lastVisible() : activeIndex + 1,
      Home: () => 0,
      End: () => numShown - 1
    }
    const move = moves[event.key]
    if (move !== undefined) {
      event.preventDefault()
      goTo(move())
      return
    }
    const row = activeIndex === undefined ? undefined : timeline.row(activeIndex)
    if (row === undefined || row.kind === 'missing') return
    const message = row.kind === 'message' ? row.message : row.pending
    if (event.key === 'c') void copy(message.text)
    if (event.key === 'r' && standing(message).state === 'failed') retryRow(roomId, message)
  }

  // A click into a message, or Tab to a link in it, makes it the one to go on from.
  const onFocus = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement)) return
    const key = target.closest<HTMLElement>('[data-key]')?.dataset.key
    setActiveKey(key === undefined ? undefined : Number(key))
  }

  return { activeIndex, onKeyDown, onFocus }
}
