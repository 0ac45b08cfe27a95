import { t } from '../text/language.js'
import { errorText } from '../text/error-text.js'
import { rooms } from './app-state.js'
import { ask } from './engine.js'
import { showToast } from './toasts.js'

/** How long scrolling alone does not ask again after it failed, in milliseconds. */
const pauseMs = 15_000

const pausedUntil = new Map<string, number>()
const underWay = new Set<string>()

/** Asks a store for the page before the oldest message here; once at a time. */
export async function loadOlder (roomId: string): Promise<void> {
  if (underWay.has(roomId)) return
  underWay.add(roomId)
  const result = await ask('messages:load-older', { roomId })
  underWay.delete(roomId)
  if (result.ok) return
  pausedUntil.set(roomId, Date.now() + pauseMs)
  showToast(errorText(result.error, t.peek()), 'error')
}

/** Does so because somebody scrolled to the oldest message, unless there is a reason not to. */
export function loadOlderOnScroll (roomId: string): void {
  const history = rooms.peek().get(roomId)?.peek().history
  if (history === undefined || !history.hasOlder || history.phase !== 'idle' || Date.now() < (pausedUntil.get(roomId) ?? 0)) return
  void loadOlder(roomId)
}
