import type { MessageHash, WakuMessage } from '../../message.js'
import type { RunningCall } from './call-options.js'

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
  /** The call of the backend, while that has it. */
  running: RunningCall | undefined
  /** How many processes have ended while they had it. */
  numLosses: number
}

/** Puts a message on its way. @param settle - tells whoever waits for it, once. */
export function outboxEntry ({ message, pubsubTopic, messageHash, numBytes }: OutboxMessage, settle?: (error?: Error) => void): OutboxEntry {
  return { message, pubsubTopic, messageHash, numBytes, settle, isGivenUp: false, running: undefined, numLosses: 0 }
}

/** The messages of one pubsub topic, in the order in which they were published. */
export class OutboxLane {
  readonly pubsubTopic: string
  // Not Sets, for the reason that is told at Slots. What is looked for in one is near its front, as a rule.
  #waiting: OutboxEntry[] = []
  #sent: OutboxEntry[] = []
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
    return this.#waiting.length === 0 && this.#sent.length === 0 && this.#returned.length === 0
  }

  /** When the backend last answered, in milliseconds of `performance.now()`. */
  get movedAt (): number {
    return this.#movedAt
  }

  /** Whether messages have come back, and nothing is with the backend any more. */
  get isBack (): boolean {
    return this.#returned.length > 0 && this.#sent.length === 0
  }

  add (entry: OutboxEntry): void {
    this.#waiting.push(entry)
  }

  /** Takes out a message that nobody waits for any more, unless the backend has it. */
  remove (entry: OutboxEntry): void {
    takeOut(this.#waiting, entry)
  }

  /** Takes the next message that may be handed to the backend. */
  next (): OutboxEntry | undefined {
    if (this.isResting || this.#returned.length > 0 || this.#sent.length >= (this.isProbing ? 1 : maxSentMessages) || this.#numSentBytes >= maxSentBytes) return undefined
    let entry = this.#waiting.shift()
    while (entry?.isGivenUp === true) entry = this.#waiting.shift()
    if (entry === undefined) return undefined
    this.#sent.push(entry)
    this.#numSentBytes += entry.numBytes
    return entry
  }

  /** The backend has answered, and that was it. */
  settle (entry: OutboxEntry): void {
    this.#movedAt = performance.now()
    if (takeOut(this.#sent, entry)) this.#numSentBytes -= entry.numBytes
  }

  /** The backend has answered, and the message is to be sent again; {@link takeBack} brings it to the front. */
  giveBack (entry: OutboxEntry): void {
    this.settle(entry)
    this.#returned.push(entry)
  }

  /** Puts everything that was sent in front of what waits, in order, after what is given here. */
  takeBack (first: readonly OutboxEntry[] = []): void {
    this.#waiting = [...new Set([...first, ...this.#returned, ...this.#sent, ...this.#waiting])]
    this.#returned = []
    this.#sent = []
    this.#numSentBytes = 0
  }

  clear (): void {
    this.takeBack()
    this.#waiting = []
  }
}

/** Takes an entry out. @returns whether it was there. */
function takeOut (entries: OutboxEntry[], entry: OutboxEntry): boolean {
  const index = entries.indexOf(entry)
  if (index === -1) return false
  entries.splice(index, 1)
  return true
}
