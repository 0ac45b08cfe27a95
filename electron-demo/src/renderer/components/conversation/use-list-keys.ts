import type { RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'
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

/** Moves the focus from message to message with the arrow keys, and copies or retries the focused one. */
export function useListKeys ({ roomId, timeline, list, scroller, keeper, numShown }: ListParts) {
  const [activeKey, setActiveKey] = useState<number | undefined>(undefined)
  const [wish, setWish] = useState(0)
  const active = activeKey === undefined ? undefined : timeline.indexOfKey(activeKey)
  const activeIndex = active !== undefined && active >= 0 && active < numShown ? active : undefined

  useLayoutEffect(() => {
    if (wish === 0) return
    // A message that is far away is not in the page yet, and the one that had the focus leaves it: the keys go on to the list then.
    const target = scroller.current?.querySelector<HTMLElement>(`[data-key='${activeKey}']`) ?? scroller.current
    target?.focus({ preventScroll: true })
  }, [wish, activeKey])

  const goTo = (index: number): void => {
    if (numShown === 0) return
    const target = Math.min(Math.max(index, 0), numShown - 1)
    if (target < numShown - 1) keeper.release()
    setActiveKey(timeline.keyOf(target))
    setWish((n) => n + 1)
    if (target === numShown - 1) keeper.goToEnd()
    else list.current?.scrollToIndex(target, { align: 'nearest' })
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
    if (!(target instanceof HTMLElement) || target === scroller.current) return
    const key = target.closest<HTMLElement>('[data-key]')?.dataset.key
    setActiveKey(key === undefined ? undefined : Number(key))
  }

  return { activeIndex, onKeyDown, onFocus }
}
