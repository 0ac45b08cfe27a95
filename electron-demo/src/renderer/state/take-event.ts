import type { AppEvent, HistoryState, RoomChange } from '../../shared/ipc.js'
import { t } from '../text/language.js'
import { announceMessages } from './announce-messages.js'
import { dialog, events, isEngineThere, logLines, node, openRoomId, rooms, settings } from './app-state.js'
import { ask } from './engine.js'
import { load } from './load.js'
import { openRoomNamed } from './navigation.js'
import { setRooms } from './set-rooms.js'
import { knownTimelines } from './timelines.js'
import { errorText } from '../text/error-text.js'
import { showToast } from './toasts.js'

/** Entries of the event log and lines of the log that are kept. */
const mostEntries = 1000

type Takers = { readonly [T in AppEvent['type']]: (event: Extract<AppEvent, { type: T }>) => void }

const takers: Takers = {
  'changes': ({ changes }) => { for (const change of changes) takeChange(change) },
  'rooms': ({ rooms: list }) => { setRooms(list) },
  'history': ({ roomId, history }) => { setHistory(roomId, history) },
  'settings': ({ settings: chosen }) => { settings.value = chosen },
  'node': ({ node: state }) => { node.value = state },
  'logs': ({ lines, events: entries }) => {
    if (lines.length > 0) logLines.value = withNew(logLines.peek(), lines)
    if (entries.length > 0) events.value = withNew(events.peek(), entries)
  },
  'engine': ({ state }) => {
    isEngineThere.value = state === 'connected'
    if (state === 'connected') void load()
  },
  'invite': ({ link }) => { void showInvite(link) },
  'show-room': ({ roomId }) => { openRoomNamed(roomId) },
  'update': ({ state, version }) => { showToast(t.peek().update[state](version)) }
}

/** Takes an event into the state. */
export function takeEvent (event: AppEvent): void {
  const take = takers[event.type] as (event: AppEvent) => void
  take(event)
}

function takeChange (change: RoomChange): void {
  const room = rooms.peek().get(change.roomId)
  if (room !== undefined) {
    const { count, unread, firstUnreadIndex, lastMessage } = change
    room.value = { ...room.peek(), count, unread, firstUnreadIndex, lastMessage }
  }
  knownTimelines().get(change.roomId)?.apply(change)
  if (change.roomId === openRoomId.peek()) announceMessages(change.appended)
}

function setHistory (roomId: string, history: HistoryState): void {
  const room = rooms.peek().get(roomId)
  if (room !== undefined) room.value = { ...room.peek(), history }
}

async function showInvite (link: string): Promise<void> {
  const result = await ask('invites:read', { link })
  if (!result.ok) showToast(errorText(result.error, t.peek()), 'error')
  else if (result.value.isJoined && result.value.isOwnNetwork) openRoomNamed(result.value.roomId)
  else dialog.value = { kind: 'invite', link, invite: result.value }
}

function withNew<E extends { readonly id: number }> (known: readonly E[], added: readonly E[]): readonly E[] {
  const last = known.at(-1)?.id ?? -1
  return [...known, ...added.filter(({ id }) => id > last)].slice(-mostEntries)
}
