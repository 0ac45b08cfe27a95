import { Notification, type BrowserWindow } from 'electron'

/** Shows notifications for what the user does not see. */
export class Notifications {
  readonly #window: () => BrowserWindow | undefined
  readonly #clicked: (roomId: string) => void
  /** Kept, because a notification that is collected as garbage can no longer be clicked. */
  readonly #shown = new Map<string, Notification>()
  isEnabled = true
  /** The room on screen. */
  focusedRoom: string | null = null

  constructor (window: () => BrowserWindow | undefined, clicked: (roomId: string) => void) {
    this.#window = window
    this.#clicked = clicked
  }

  offer (roomId: string, nick: string, text: string): void {
    const isSeen = this.#window()?.isFocused() === true && this.focusedRoom === roomId
    if (!this.isEnabled || isSeen || !Notification.isSupported()) return
    this.#shown.get(roomId)?.close()
    const notification = new Notification({ title: `${nick} · #${roomId}`, body: text })
    notification.on('click', () => this.#clicked(roomId))
    notification.on('close', () => this.#shown.delete(roomId))
    this.#shown.set(roomId, notification)
    notification.show()
  }
}
