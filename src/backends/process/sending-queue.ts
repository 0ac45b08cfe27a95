import type { ReceivedMessage } from '../../message.js'
import { sizeOfCrossing, toCrossing } from './crossing-message.js'
import { largeMessageBytes, PacedFlush } from './paced-flush.js'
import type { MessageItem, ToApplication } from './protocol.js'

/** One transmission has at most so much, so that taking it in is a short turn of the application's event loop. */
const maxBatchItems = 64
const maxBatchBytes = 256 * 1024

/** Messages that may be under way and not taken in yet. */
export const maxOpenMessages = 256
export const maxOpenBytes = 512 * 1024

/** Messages that may wait for the application; further ones are dropped, counted and told. */
const maxWaitingMessages = 20_000
const maxWaitingBytes = 64 * 1024 * 1024

/** Log lines are dropped while more than this waits. */
const maxItemsBeforeLogs = 30_000

/**
 * The way of everything to the application, in order, a batch at a time. Messages are sent only as fast as the application takes
 * them in, and wait here, in bounds, while it does not.
 */
export class SendingQueue {
  readonly #post: (items: readonly ToApplication[]) => void
  #items: ToApplication[] = []
  #head = 0
  readonly #pace = new PacedFlush(() => this.#flush())
  #numWaiting = 0
  #numWaitingBytes = 0
  #numOpen = 0
  #numOpenBytes = 0
  #numDropped = 0

  constructor (post: (items: readonly ToApplication[]) => void) {
    this.#post = post
  }

  /** Whether messages wait. */
  get isBehind (): boolean {
    return this.#numWaiting > 0 || this.#numDropped > 0
  }

  /** Sends something that is never dropped, unless it is a log line. @param canWait - whether a moment for more to come. */
  push (item: Exclude<ToApplication, MessageItem>, canWait = false): void {
    if (item.kind === 'log' && this.#items.length - this.#head > maxItemsBeforeLogs) return
    this.#items.push(item)
    this.#pace.schedule(canWait)
  }

  /** Sends a message, or drops it when too many wait. */
  pushMessage ({ message: whole, pubsubTopic, messageHash }: ReceivedMessage): void {
    const message = toCrossing(whole)
    const size = sizeOfCrossing(message)
    if (this.#numWaiting >= maxWaitingMessages || this.#numWaitingBytes + size > maxWaitingBytes) {
      this.#numDropped++
    } else {
      this.#numWaiting++
      this.#numWaitingBytes += size
      this.#items.push({ kind: 'message', message, pubsubTopic, messageHash })
    }
    this.#pace.schedule(size < largeMessageBytes)
  }

  /** The application has taken messages in. */
  acknowledge (numMessages: number, numBytes: number): void {
    this.#numOpen -= numMessages
    this.#numOpenBytes -= numBytes
    if (this.#items.length > this.#head) this.#pace.schedule(false)
  }

  #flush (): void {
    for (;;) {
      const batch = this.#takeBatch()
      if (batch.length === 0) break
      this.#post(batch)
    }
    if (this.#numDropped > 0 && this.#numWaiting === 0) {
      this.#post([{ kind: 'event', name: 'dropped', inputs: ['backend', this.#numDropped] }])
      this.#numDropped = 0
    }
  }

  #takeBatch (): ToApplication[] {
    const start = this.#head
    let numBytes = 0
    while (this.#head < this.#items.length && this.#head - start < maxBatchItems && numBytes < maxBatchBytes) {
      const item = this.#items[this.#head] as ToApplication
      if (item.kind === 'message') {
        if (this.#numOpen >= maxOpenMessages || this.#numOpenBytes >= maxOpenBytes) break
        const size = sizeOfCrossing(item.message)
        numBytes += size
        this.#count(size)
      }
      this.#head++
    }
    const batch = this.#items.slice(start, this.#head)
    this.#compact()
    return batch
  }

  #count (size: number): void {
    this.#numWaiting--
    this.#numWaitingBytes -= size
    this.#numOpen++
    this.#numOpenBytes += size
  }

  // Once half is gone, so that taking from the front stays cheap.
  #compact (): void {
    if (this.#head * 2 < this.#items.length) return
    this.#items = this.#items.slice(this.#head)
    this.#head = 0
  }
}
