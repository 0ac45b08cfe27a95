import type { Signal } from '@preact/signals'
import { useComputed } from '@preact/signals'
import type { Room } from '../../../shared/ipc.js'
import { hueOf } from '../../message/hue-of.js'
import { openRoomId } from '../../state/app-state.js'
import { openRoomNamed } from '../../state/navigation.js'
import { formats, t } from '../../text/language.js'

/** A room in the list: its name, what was said last, and how much is unread. */
export function RoomLine ({ room }: { readonly room: Signal<Room> }) {
  const { id, unread, draft, lastMessage } = room.value
  const isOpen = useComputed(() => openRoomId.value === room.value.id).value
  const { rooms } = t.value
  return (
    <li>
      <button type='button' class='room-line' data-room={id} aria-current={isOpen ? 'page' : undefined} onClick={() => { openRoomNamed(id) }}>
        <span class={`room-sign hue-${hueOf(id)}`} aria-hidden='true'>#</span>
        <span class='room-text'>
          <span class='room-top'>
            <span class={unread > 0 ? 'room-name unread' : 'room-name'}>{id}</span>
            {lastMessage !== null && <time class='room-time' dateTime={isoOf(lastMessage.sentAt)}>{formats.value.brief(lastMessage.sentAt)}</time>}
          </span>
          <span class='room-bottom'>
            <span class='room-preview'>{draft !== '' && !isOpen ? <><em>{rooms.draft}</em> {draft.slice(0, 80)}</> : previewOf(room.value)}</span>
            {unread > 0 && <span class='badge'><span aria-hidden='true'>{unread > 999 ? '999+' : unread}</span><span class='visually-hidden'>{rooms.unread(unread)}</span></span>}
          </span>
        </span>
      </button>
    </li>
  )
}

function previewOf ({ lastMessage }: Room): string {
  if (lastMessage === null) return t.value.rooms.noMessages
  const { isOwn, nick, text } = lastMessage
  return `${isOwn ? t.value.common.you : nick}: ${text.slice(0, 80).replace(/\s+/g, ' ')}`
}

function isoOf (at: number): string | undefined {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : undefined
}
