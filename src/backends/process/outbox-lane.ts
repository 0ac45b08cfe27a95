import type { MessageHash, WakuMessage } from '../../message.js'

/** How much is handed to the backend before it has answered. */
const maxSentMessages = 256
const maxSentBytes = 2 * 1024 * 1024

/** A message that is published, with its hash, and what it counts for. */
export interface OutboxMessage {
  readonly message: WakuMessage
  readonly pubsubTopic: string
  readonly messageHash: MessageHash
  readonly numBytes: number
}

/** A message on its way to the backend, and who waits for it. */
export interface OutboxEntry extends OutboxMessage {
  /** Tells whoever waits, once; absent when nobody does from the start. */
  readonly settle: ((error?: Error) => void) | undefined
  /** Nobody waits for it any more. */
  isGivenUp: boolean
  /** Tells the backend, while that has it, that it is given up. */
  abort: ((reason: Error) => void) | undefined
  /** How many processes have ended while they had it. */
  numLosses: number
}

/** Puts a message on its way. @param settle - tells whoever waits for it, once. */
export function outboxEntry ({ message, pubsubTopic, messageHash, numBytes }: OutboxMessage, settle?: (error?: Error) => void): OutboxEntry {
  return { message, pubsubTopic, messageHash, numBytes, settle, isGivenUp: false, abort: undefined, numLosses: 0 }
}

/** The messages of one pubsub topic, in the order in which they were published. */
export class OutboxLane {
  readonly pubsubTopic: string
  #waiting = new Set<OutboxEntry>()
  readonly #sent = new Set<OutboxEntry>()
  #returned: OutboxEntry[] = []
  #numSentBytes = 0
  #movedAt = performance.now()
  /** One message at a time, because it is unknown whether there are peers. */
  isProbing: boolean
  /** Nothing is sent for the time being. */
  isResting = false

  constructor (pubsubTopic: string, isProbing: boolean) {
    this.pubsubTopic = pubsubTopic
    this.isProbing = isProbing
  }

  get isEmpty (): boolean {
    return this.#waiting.size === 0 && this.#sent.size === 0 && this.#returned.length === 0
  }

  /** When the backend last answered, in milliseconds of `performance.now()`. */
  get movedAt (): number {
    return this.#movedAt
  }

  /** Whether messages have come back, and nothing is with the backend any more. */
  get isBack (): boolean {
    return this.#returned.length > 0 && this.#sent.size === 0
  }

  add (entry: OutboxEntry): void {
    this.#waiting.add(entry)
  }

  /** Takes out a message that nobody waits for any more, unless the backend has it. */
  remove (entry: OutboxEntry): void {
    this.#waiting.delete(entry)
  }

  /** Takes the next message that may be handed to the backend. */
  next (): OutboxEntry | undefined {
    if (this.isResting || this.#returned.length > 0 || this.#sent.size >= (this.isProbing ? 1 : maxSentMessages) || this.#numSentBytes >= maxSentBytes) return undefined
    for (const entry of this.#waiting) {
      this.#waiting.delete(entry)
      if (entry.isGivenUp) continue
      this.#sent.add(entry)
      this.#numSentBytes += entry.numBytes
      return entry
    }
    return undefined
  }

  /** The backend has answered, and that was it. */
  settle (entry: OutboxEntry): void {
    this.#movedAt = performance.now()
    if (this.#sent.delete(entry)) this.#numSentBytes -= entry.numBytes
  }

  /** The backend has answered, and the message is to be sent again; {@link takeBack} brings it to the front. */
  giveBack (entry: OutboxEntry): void {
    this.settle(entry)
    this.#returned.push(entry)
  }

  /** Puts everything that was sent in front of what waits, in order, after what is given here. */
  takeBack (first: readonly OutboxEntry[] = []): void {
    this.#waiting = new Set([...first, ...this.#returned, ...this.#sent, ...this.#waiting])
    this.#returned = []
    this.#sent.clear()
    this.#numSentBytes = 0
  }

  clear (): void {
    this.#waiting.clear()
    this.takeBack()
    this.#waiting.clear()
  }
}
