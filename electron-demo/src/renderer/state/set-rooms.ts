import { signal } from '@preact/signals'
import type { Room } from '../../shared/ipc.js'
import { openRoomId, rooms } from './app-state.js'
import { forgetTimeline } from './timelines.js'

/** Takes the list of rooms into the state; a room that is gone is closed. */
export function setRooms (list: readonly Room[]): void {
  const former = rooms.peek()
  rooms.value = new Map(list.map((room) => {
    const known = former.get(room.id)
    if (known !== undefined) known.value = room
    return [room.id, known ?? signal(room)]
  }))
  for (const id of former.keys()) if (!rooms.peek().has(id)) forgetTimeline(id)
  const open = openRoomId.peek()
  if (open !== null && !rooms.peek().has(open)) openRoomId.value = null
}
