import type { ReceivedMessage } from '../message.js'
import { packedSizeOf } from './packed-messages.js'

/** A first-in-first-out queue that is bounded by number and bytes. */
export class MessageQueue {
  readonly maxMessages: number
  readonly #maxBytes: number
  // Taken from the front by moving `#start`; the array is cut only now and then, so that taking costs the same at any length.
  #messages: ReceivedMessage[] = []
  #start = 0
  #numBytes = 0
  #numTaken = 0

  constructor (maxMessages: number, maxBytes: number) {
    this.maxMessages = maxMessages
    this.#maxBytes = maxBytes
  }

  get numMessages (): number {
    return this.#messages.length - this.#start
  }

  get numBytes (): number {
    return this.#numBytes
  }

  /** How many messages left the queue since it was made. */
  get numTaken (): number {
    return this.#numTaken
  }

  /** Adds a message; returns false, and leaves it, when that would pass a bound. */
  push (message: ReceivedMessage): boolean {
    const numBytes = this.#numBytes + sizeOf(message)
    if (this.numMessages >= this.maxMessages || numBytes > this.#maxBytes) return false
    this.#messages.push(message)
    this.#numBytes = numBytes
    return true
  }

  /** Returns the first messages, at least one where there is one, and leaves them in the queue. */
  peek (maxMessages: number, maxBytes: number): ReceivedMessage[] {
    let numBytes = 0
    const first = this.#messages.slice(this.#start, this.#start + maxMessages)
    const end = first.findIndex((message) => (numBytes += sizeOf(message)) > maxBytes)
    return end === -1 ? first : first.slice(0, Math.max(1, end))
  }

  /** Removes the first messages. */
  shift (numMessages: number): void {
    const end = Math.min(this.#start + numMessages, this.#messages.length)
    for (const message of this.#messages.slice(this.#start, end)) this.#numBytes -= sizeOf(message)
    this.#numTaken += end - this.#start
    this.#start = end
    // What was taken is let go of when it is most of the array, at the latest when all is taken.
    if (this.#start * 2 > this.#messages.length) {
      this.#messages = this.#messages.slice(this.#start)
      this.#start = 0
    }
  }

  clear (): void {
    this.shift(this.numMessages)
  }
}

// Topics count too: senders choose their length.
function sizeOf (message: ReceivedMessage): number {
  return packedSizeOf(message) + message.message.contentTopic.length
}
