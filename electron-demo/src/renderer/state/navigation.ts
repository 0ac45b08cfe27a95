import { batch } from '@preact/signals'
import { dialog, isSidebarOpen, openRoomId, roomIds, rooms } from './app-state.js'

const key = 'open-room'

/** Shows a room. */
export function openRoomNamed (roomId: string): void {
  batch(() => {
    openRoomId.value = roomId
    isSidebarOpen.value = false
    dialog.value = null
  })
  localStorage.setItem(key, roomId)
}

/** The room that was open when the window closed; null when there was none. */
export function rememberedRoom (): string | null {
  return localStorage.getItem(key)
}

/** Shows the room that many lines further down in the list, past its end from its start. */
export function openRoomBeside (step: 1 | -1, isEligible: (roomId: string) => boolean = () => true): void {
  const ids = roomIds.peek()
  const start = Math.max(ids.indexOf(openRoomId.peek() ?? ''), step === 1 ? -1 : 0)
  for (let i = 1; i <= ids.length; i++) {
    const id = ids[(start + step * i + ids.length * 2) % ids.length]
    if (id === undefined || !isEligible(id)) continue
    openRoomNamed(id)
    return
  }
}

/** Shows the next room with unread messages. */
export function openNextUnread (): void {
  openRoomBeside(1, (id) => (rooms.peek().get(id)?.peek().unread ?? 0) > 0)
}
