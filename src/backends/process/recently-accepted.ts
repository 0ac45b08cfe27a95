import Denque from 'denque'
import type { OutboxMessage } from './outbox-lane.js'

/** For how long a message is kept, in milliseconds: by then the backend has surely sent it. */
const keepMs = 2000

/** Of more bytes than this the newest are kept. */
const maxBytes = 16 * 1024 * 1024

interface Accepted {
  readonly message: OutboxMessage
  readonly acceptedAt: number
}

/** What the backend has accepted just now, and may not have sent yet when its process ends. */
export class RecentlyAccepted {
  readonly #maxMessages: number
  readonly #accepted = new Denque<Accepted>()
  #numBytes = 0
  #timer: NodeJS.Timeout | undefined

  /** @param maxMessages - of more than these the newest are kept. */
  constructor (maxMessages: number) {
    this.#maxMessages = maxMessages
  }

  add ({ message, pubsubTopic, messageHash, numBytes }: OutboxMessage): void {
    // Without those who waited for it: whatever is kept for so long is dear to the garbage collector.
    this.#accepted.push({ message: { message, pubsubTopic, messageHash, numBytes }, acceptedAt: performance.now() })
    this.#numBytes += numBytes
    while (this.#accepted.length > this.#maxMessages || this.#numBytes > maxBytes) this.#forgetOldest()
    this.#timer ??= setTimeout(() => this.#forgetOld(), keepMs).unref()
  }

  /** Takes all that are not too old, the oldest first. */
  take (): OutboxMessage[] {
    const youngerThan = performance.now() - keepMs
    const taken = this.#accepted.toArray().filter(({ acceptedAt }) => acceptedAt >= youngerThan).map(({ message }) => message)
    this.#accepted.clear()
    this.#numBytes = 0
    return taken
  }

  #forgetOld (): void {
    this.#timer = undefined
    const youngerThan = performance.now() - keepMs
    while ((this.#accepted.peekFront()?.acceptedAt ?? Infinity) < youngerThan) this.#forgetOldest()
    if (this.#accepted.length > 0) this.#timer = setTimeout(() => this.#forgetOld(), keepMs).unref()
  }

  #forgetOldest (): void {
    this.#numBytes -= this.#accepted.shift()?.message.numBytes ?? 0
  }
}
