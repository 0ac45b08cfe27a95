import { placementOf, type Placed } from '../../message/placement.js'
import type { ChatMessage } from '../../../shared/ipc.js'
import type { PendingMessage, Timeline } from '../../state/timeline.js'
import { t } from '../../text/language.js'
import { MessageRow, standing } from './message-row.js'

/**
 * Renders the row at an index.
 *
 * @param firstNewKey - key of the row above which the new messages begin, if there are any.
 */
export function renderRow (timeline: Timeline, roomId: string, index: number, firstNewKey: number | undefined) {
  const key = timeline.keyOf(index)
  const message = messageAt(timeline, index)
  if (message === undefined) return <div key={key} class='row'><div class='skeleton' title={t.value.conversation.loading} /></div>
  const previous = index === 0 ? undefined : messageAt(timeline, index - 1)
  // Of a message before that is not in memory nothing is known; it comes soon.
  const isUnknown = index > 0 && previous === undefined
  const { startsDay, startsGroup } = isUnknown ? { startsDay: false, startsGroup: true } : placementOf(placed(message), previous && placed(previous))
  return <MessageRow key={key} rowKey={key} roomId={roomId} message={message} startsDay={startsDay} startsGroup={startsGroup} isFirstNew={key === firstNewKey} />
}

function messageAt (timeline: Timeline, index: number): ChatMessage | PendingMessage | undefined {
  const row = timeline.row(index)
  if (row.kind === 'message') return row.message
  return row.kind === 'pending' ? row.pending : undefined
}

function placed (message: ChatMessage | PendingMessage): Placed {
  const { nick, isOwn } = standing(message)
  return { nick, isOwn, sentAt: message.sentAt }
}
