import { useRef } from 'preact/hooks'
import type { Room } from '../../../shared/ipc.js'
import type { Timeline } from '../../state/timeline.js'

/**
 * Finds where the messages begin that came while nobody was looking. The place stays while the room is open, until
 * something is written.
 *
 * @returns the key of that row; undefined when there is none.
 */
export function useNewSeparator (timeline: Timeline, room: Room | undefined): number | undefined {
  const first = useRef<number | undefined>(undefined)
  const isOpened = useRef(false)
  const index = room?.firstUnreadIndex ?? null
  // A message that comes while somebody is looking is unread for a moment only.
  const isLooking = isOpened.current && document.hasFocus()
  isOpened.current = true
  if (timeline.pending.length > 0) first.current = undefined
  else if (index !== null && !isLooking) first.current ??= timeline.keyOf(index)
  return first.current
}
