import type { ChatMessage } from '../shared/ipc.js'

/** Within this time a room gives one notification, in milliseconds: a busy one is no reason to be interrupted all the time. */
const quietMs = 3000

/** How much of a text is shown. */
const maxPreviewLength = 140

/** Messages older than this are no news, in milliseconds. */
const maxAgeMs = 3_600_000

/** Says which messages are worth a notification. Whether the user sees the room already is known to main. */
export class NotificationGate {
  readonly #notify: (roomId: string, nick: string, text: string) => void
  readonly #lastAt = new Map<string, number>()

  constructor (notify: (roomId: string, nick: string, text: string) => void) {
    this.#notify = notify
  }

  offer ({ roomId, nick, text, sentAt }: ChatMessage): void {
    const now = Date.now()
    if (now - sentAt > maxAgeMs || now - (this.#lastAt.get(roomId) ?? 0) < quietMs) return
    this.#lastAt.set(roomId, now)
    this.#notify(roomId, nick, text.length > maxPreviewLength ? `${text.slice(0, maxPreviewLength - 1)}…` : text)
  }
}
