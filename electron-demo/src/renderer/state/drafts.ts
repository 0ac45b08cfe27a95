import { rooms } from './app-state.js'
import { limits } from '../../shared/ipc.js'
import { ask } from './engine.js'

/** How long after the last key a draft is kept, in milliseconds. */
const settleMs = 400

const drafts = new Map<string, string>()
const timers = new Map<string, number>()

/** What was typed into a room and not sent. */
export function draftOf (roomId: string): string {
  return drafts.get(roomId) ?? rooms.peek().get(roomId)?.peek().draft ?? ''
}

/** Takes what is typed, and has it kept soon. */
export function setDraft (roomId: string, draft: string): void {
  drafts.set(roomId, draft)
  clearTimeout(timers.get(roomId))
  timers.set(roomId, window.setTimeout(() => { saveDraft(roomId) }, settleMs))
}

/** Has a draft kept now. */
export function saveDraft (roomId: string): void {
  clearTimeout(timers.get(roomId))
  timers.delete(roomId)
  const draft = draftOf(roomId).slice(0, limits.draftLength)
  const room = rooms.peek().get(roomId)
  if (room === undefined || room.peek().draft === draft) return
  room.value = { ...room.peek(), draft }
  void ask('rooms:save-draft', { roomId, draft })
}

/** Forgets the draft of a room that was left. */
export function forgetDraft (roomId: string): void {
  clearTimeout(timers.get(roomId))
  drafts.delete(roomId)
}
