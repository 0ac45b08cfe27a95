import { batch } from '@preact/signals'
import type { Room, Settings } from '../../shared/ipc.js'
import { errorText } from '../text/error-text.js'
import { t } from '../text/language.js'
import { openRoomId, roomIds, rooms, settings } from './app-state.js'
import { forgetDraft } from './drafts.js'
import { ask } from './engine.js'
import { openRoomNamed } from './navigation.js'
import { setRooms } from './set-rooms.js'
import { showToast } from './toasts.js'

/** Joins a room and shows it. @returns why it did not work, worded; undefined when it did. */
export async function joinRoom (nameOrLink: string): Promise<string | undefined> {
  const result = await ask('rooms:join', { nameOrLink })
  if (!result.ok) return errorText(result.error, t.peek())
  addRoom(result.value)
  openRoomNamed(result.value.id)
  return undefined
}

/** Leaves a room, and shows the one beside it when it was on screen. */
export async function leaveRoom (roomId: string): Promise<void> {
  const result = await ask('rooms:leave', { roomId })
  if (!result.ok) {
    showToast(errorText(result.error, t.peek()), 'error')
    return
  }
  const ids = roomIds.peek()
  const beside = ids[ids.indexOf(roomId) + 1] ?? ids[ids.indexOf(roomId) - 1] ?? null
  batch(() => {
    forgetDraft(roomId)
    if (openRoomId.peek() === roomId) openRoomId.value = beside
    setRooms(allRooms().filter(({ id }) => id !== roomId))
  })
}

/** Puts an invite link to a room into the clipboard. */
export async function copyInvite (roomId: string): Promise<void> {
  const result = await ask('rooms:invite', { roomId })
  if (!result.ok) showToast(errorText(result.error, t.peek()), 'error')
  else await copy(result.value.link, t.peek().rooms.inviteCopied)
}

/** Puts a text into the clipboard. */
export async function copy (text: string, notice: string = t.peek().common.copied): Promise<void> {
  const result = await window.chat.copyText(text)
  if (result.ok) showToast(notice)
  else showToast(errorText(result.error, t.peek()), 'error')
}

/** Opens a link in the browser of the system. */
export async function openLink (url: string): Promise<void> {
  const result = await window.chat.openLink(url)
  if (!result.ok) showToast(t.peek().conversation.openLinkFailed, 'error')
}

/** Changes settings; they show at once. @returns why it did not work, worded; undefined when it did. */
export async function saveSettings (changes: Partial<Settings>): Promise<string | undefined> {
  const former = settings.peek()
  if (former != null) settings.value = { ...former, ...changes }
  const result = await ask('settings:save', changes)
  settings.value = result.ok ? result.value : former
  return result.ok ? undefined : errorText(result.error, t.peek())
}

function addRoom (room: Room): void {
  setRooms([...allRooms().filter(({ id }) => id !== room.id), room])
}

function allRooms (): readonly Room[] {
  return [...rooms.peek().values()].map((room) => room.peek())
}
