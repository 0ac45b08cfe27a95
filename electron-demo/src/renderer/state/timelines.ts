import { ask, flushEvents } from './engine.js'
import { rooms } from './app-state.js'
import { Timeline } from './timeline.js'

/** Rooms whose messages stay in memory, so that going back to one shows it at once. */
const most = 8

const timelines = new Map<string, Timeline>()

/** The timeline of a room, made when it is first looked at. */
export function timelineOf (roomId: string): Timeline {
  const known = timelines.get(roomId)
  timelines.delete(roomId)
  const timeline = known ?? new Timeline(rooms.peek().get(roomId)?.peek().count ?? 0, async (from, limit) => {
    const result = await ask('messages:window', { roomId, from, limit })
    // Changes that came before the window are to be taken in before it.
    flushEvents()
    return result
  })
  timelines.set(roomId, timeline)
  for (const [id, old] of timelines) {
    if (timelines.size <= most) break
    if (id !== roomId && old.pending.length === 0) timelines.delete(id)
  }
  return timeline
}

/** The timelines in memory, by room. */
export function knownTimelines (): ReadonlyMap<string, Timeline> {
  return timelines
}

/** Forgets a room that was left. */
export function forgetTimeline (roomId: string): void {
  timelines.delete(roomId)
}
