import { ask } from './engine.js'
import { rooms } from './app-state.js'

/** The least time between two marks, in milliseconds. */
const intervalMs = 300

let timer: number | undefined
let wanted: { readonly roomId: string, readonly upToIndex: number } | undefined

/** Marks what has been on screen as read, now and then. */
export function markRead (roomId: string, upToIndex: number): void {
  const room = rooms.peek().get(roomId)?.peek()
  if (room === undefined || room.unread === 0 || room.firstUnreadIndex === null || upToIndex < room.firstUnreadIndex) return
  if (wanted?.roomId === roomId) wanted = { roomId, upToIndex: Math.max(upToIndex, wanted.upToIndex) }
  else {
    flush()
    wanted = { roomId, upToIndex }
  }
  timer ??= window.setTimeout(flush, intervalMs)
}

function flush (): void {
  clearTimeout(timer)
  timer = undefined
  if (wanted !== undefined) void ask('rooms:mark-read', wanted)
  wanted = undefined
}
