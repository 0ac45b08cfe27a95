import { batch } from '@preact/signals'
import { t } from '../text/language.js'
import { errorText } from '../text/error-text.js'
import { events, isEngineThere, logLines, node, openRoomId, rooms, settings, suggestedNickname } from './app-state.js'
import { ask } from './engine.js'
import { openRoomNamed, rememberedRoom } from './navigation.js'
import { sendAgain } from './outbox.js'
import { setRooms } from './set-rooms.js'
import { knownTimelines } from './timelines.js'
import { showToast } from './toasts.js'

/** The first and the longest wait before the engine is asked again, in milliseconds. */
const waitsMs = { first: 300, longest: 5000 } as const

let newestLoad = 0

/** Reads everything anew: when the window opens, and whenever another engine has taken over. */
export async function load (): Promise<void> {
  const thisLoad = ++newestLoad
  for (let waitMs: number = waitsMs.first; ; waitMs = Math.min(waitMs * 2, waitsMs.longest)) {
    const result = await ask('state:get', null)
    if (thisLoad !== newestLoad) return
    if (result.ok) {
      batch(() => {
        settings.value = result.value.settings
        suggestedNickname.value = result.value.suggestedNickname
        node.value = result.value.node
        isEngineThere.value = true
        // Entries of another engine are numbered anew.
        events.value = []
        logLines.value = []
        setRooms(result.value.rooms)
        for (const [roomId, timeline] of knownTimelines()) timeline.invalidate(rooms.peek().get(roomId)?.peek().count ?? 0)
        if (openRoomId.peek() === null) openFirstRoom()
      })
      sendAgain()
      void readLogs()
      return
    }
    if (result.error.code !== 'CHAT_ENGINE_LOST') showToast(errorText(result.error, t.peek()), 'error')
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}

function openFirstRoom (): void {
  const ids = [...rooms.peek().keys()]
  const remembered = rememberedRoom()
  const first = remembered !== null && rooms.peek().has(remembered) ? remembered : ids[0]
  if (first !== undefined) openRoomNamed(first)
}

async function readLogs (): Promise<void> {
  const result = await ask('node:logs', null)
  if (!result.ok) return
  events.value = merged(result.value.events, events.peek())
  logLines.value = merged(result.value.lines, logLines.peek())
}

function merged<E extends { readonly id: number }> (older: readonly E[], newer: readonly E[]): readonly E[] {
  const last = older.at(-1)?.id ?? -1
  return [...older, ...newer.filter(({ id }) => id > last)]
}
