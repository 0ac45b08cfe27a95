import { useSignal, type ReadonlySignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import type { VirtualizerHandle } from 'virtua'
import type { Room } from '../../../shared/ipc.js'
import { loadOlderOnScroll } from '../../state/history.js'
import { markRead } from '../../state/mark-read.js'
import type { Timeline } from '../../state/timeline.js'
import type { ScrollKeeper } from './scroll-keeper.js'

interface LookParts {
  readonly timeline: Timeline
  readonly room: Room | undefined
  readonly list: RefObject<VirtualizerHandle | null>
  readonly keeper: ScrollKeeper
}

/** Rows from the oldest at which older ones are asked for. */
const nearStart = 25

/** From how far up the way back to the end is offered, in pixels. */
const farFromEnd = 300

/** Does what follows from what is on screen: fetches it, asks for older messages, and marks as read what is looked at. */
export function useLook ({ timeline, room, list, keeper }: LookParts): { readonly look: () => void, readonly isFarFromEnd: ReadonlySignal<boolean> } {
  const isFarFromEnd = useSignal(false)
  const look = (): void => {
    const handle = list.current
    if (handle === null || handle.viewportSize === 0 || room === undefined) return
    const first = Math.max(0, handle.findItemIndex(handle.scrollOffset))
    const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize - 12)
    timeline.want(first, last + 1)
    isFarFromEnd.value = keeper.distance > farFromEnd
    if (first < nearStart) loadOlderOnScroll(room.id)
    if (document.hasFocus()) markRead(room.id, Math.min(last, timeline.count - 1))
  }
  useEffect(look, [timeline.version.value, room?.history.phase, room?.unread])
  useEffect(() => {
    window.addEventListener('focus', look)
    return () => { window.removeEventListener('focus', look) }
  }, [timeline, room?.id])
  return { look, isFarFromEnd }
}
