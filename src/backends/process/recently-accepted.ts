import type { OutboxEntry } from './outbox-lane.js'

/** For how long a message is kept, in milliseconds: by then the backend has surely sent it. */
const keepMs = 2000

/** Of more messages than this the newest are kept. */
const maxMessages = 4096
const maxBytes = 16 * 1024 * 1024

/** What the backend has accepted just now, and may not have sent yet when its process ends. */
export class RecentlyAccepted {
  readonly #entries = new Map<OutboxEntry, number>()
  #numBytes = 0
  #timer: NodeJS.Timeout | undefined

  add (entry: OutboxEntry): void {
    this.#entries.set(entry, performance.now())
    this.#numBytes += entry.numBytes
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= maxMessages && this.#numBytes <= maxBytes) break
      this.#forget(oldest)
    }
    this.#timer ??= setTimeout(() => this.#forgetOld(), keepMs).unref()
  }

  /** Takes all that are not too old, the oldest first; nobody waits for them any more. */
  take (): OutboxEntry[] {
    const youngerThan = performance.now() - keepMs
    const taken = [...this.#entries].filter(([, acceptedAt]) => acceptedAt >= youngerThan).map(([entry]) => ({ ...entry, isAwaited: false, isGivenUp: false, abort: undefined }))
    this.#entries.clear()
    this.#numBytes = 0
    return taken
  }

  #forgetOld (): void {
    this.#timer = undefined
    const youngerThan = performance.now() - keepMs
    for (const [entry, acceptedAt] of this.#entries) {
      if (acceptedAt >= youngerThan) break
      this.#forget(entry)
    }
    if (this.#entries.size > 0) this.#timer = setTimeout(() => this.#forgetOld(), keepMs).unref()
  }

  #forget (entry: OutboxEntry): void {
    if (this.#entries.delete(entry)) this.#numBytes -= entry.numBytes
  }
}
