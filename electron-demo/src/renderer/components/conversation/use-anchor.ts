import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { VirtualizerHandle } from 'virtua'
import type { Timeline } from '../../state/timeline.js'
import { historyLineHeight } from './history-line.js'

/** The message that is read: the first in sight, and how far it begins above or below the upper edge, in pixels. */
interface Anchor {
  readonly id: number
  readonly index: number
  readonly offset: number
  readonly order: number
}

/** Keeps what is read in sight when messages come in between: a catch-up brings those that were missed. @returns what takes down where one reads. */
export function useAnchor (timeline: Timeline, list: RefObject<VirtualizerHandle | null>): { readonly drop: () => void } {
  const anchor = useRef<Anchor | undefined>(undefined)

  useLayoutEffect(() => {
    const { current } = anchor
    if (current === undefined || current.order === timeline.order) return
    const index = timeline.indexOfId(current.id)
    if (index === undefined) return
    anchor.current = { ...current, index, order: timeline.order }
    if (index !== current.index) list.current?.scrollToIndex(index, { align: 'start', offset: -current.offset })
  })

  const drop = (): void => {
    const handle = list.current
    if (handle === null || (anchor.current !== undefined && anchor.current.order !== timeline.order)) return
    const index = Math.max(0, handle.findItemIndex(handle.scrollOffset))
    const row = timeline.row(index)
    anchor.current = row.kind === 'message' ? { id: row.message.id, index, offset: historyLineHeight + handle.getItemOffset(index) - handle.scrollOffset, order: timeline.order } : undefined
  }
  return { drop }
}
