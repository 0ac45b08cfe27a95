import type { ChatMessage } from '../../shared/ipc.js'
import { t } from '../text/language.js'
import { errorText } from '../text/error-text.js'
import { ask } from './engine.js'
import { knownTimelines, timelineOf } from './timelines.js'
import { showToast } from './toasts.js'

/** How long a message that the engine has taken is waited for in its room, in milliseconds. */
const settleMs = 3000

/** Sends a text: it is shown at once, and stays where it is while the engine takes it. */
export function send (roomId: string, text: string): void {
  const clientId = crypto.randomUUID()
  timelineOf(roomId).addPending({ clientId, text, sentAt: Date.now(), error: null })
  void hand(roomId, text, clientId)
}

/** Sends again what an engine may have lost; the same `clientId` makes that harmless. */
export function sendAgain (): void {
  for (const [roomId, { pending }] of knownTimelines()) {
    for (const { text, clientId, error } of pending) if (error === null) void hand(roomId, text, clientId)
  }
}

/** Sends a message again that the engine did not take. */
export function retryPending (roomId: string, clientId: string): void {
  const timeline = timelineOf(roomId)
  const message = timeline.pending.find((pending) => pending.clientId === clientId)
  if (message === undefined) return
  timeline.addPending({ ...message, sentAt: Date.now(), error: null })
  void hand(roomId, message.text, clientId)
}

/** Sends a message again that the network did not take. */
export async function retry (message: ChatMessage): Promise<void> {
  const result = await ask('messages:retry', { id: message.id })
  if (!result.ok) showToast(errorText(result.error, t.peek()), 'error')
}

async function hand (roomId: string, text: string, clientId: string): Promise<void> {
  const result = await ask('messages:send', { roomId, text, clientId })
  const timeline = knownTimelines().get(roomId)
  if (timeline === undefined) return
  if (result.ok) {
    setTimeout(() => { timeline.removePending(clientId) }, settleMs)
  } else if (result.error.code !== 'CHAT_ENGINE_LOST') {
    // Another engine is asked again as soon as it is there.
    timeline.failPending(clientId, result.error)
  }
}
