import type { Deadline } from '../../deadline.js'

/**
 * The library queues what it sends to a peer per stream. When it cannot send and more than 256 000 bytes wait there, of which a
 * message counts for at most a third, it resets the stream: what waits is lost, and so is all that is published until there is a new
 * one. Neither an answer nor an event tells. It may be that nothing can be sent although the peer has read all that was, because the
 * news of that waits to be read; so no more than this is open at once, wherever it is.
 */
const maxOpenBytes = 250_000
const maxCountedBytes = 83_000

/** How many messages at most are open. The other multiplexer, mplex, ends a connection on which 1 024 writes wait. */
export const maxOpenMessages = 512

/**
 * The library answers before it sends; more calls than this only wait in front of it, and take the room of what is on its way to the
 * peers. Of large messages few are open anyway.
 */
const maxUnanswered = 128
const maxUnansweredBytes = maxOpenBytes / 2

/**
 * The part of what may be open from which on peers are asked: early enough that the answer is there before there is no more room. Of
 * small messages only those count that the library has answered, because the peers can tell of no others.
 */
const askedFrom = 1 / 2

/**
 * The part from which on they are asked again before they have answered, taken by what they have not been asked about: the nearer the
 * rounds are to each other, the less waits for one to begin. Two at once, because js-libp2p takes two pings of a peer.
 */
const askedAgainFrom = 1 / 4
const maxRounds = 2

/** A message of at most so many bytes is small: many are open, and a ping need not go in turn to tell of most. */
const smallBytes = 16 * 1024

/** What a message needs beside its payload: topics, hash, framing and encryption; in bytes, and plenty. */
const overheadBytes = 200

/**
 * Asks the peers on pubsub topics. Resolves, never rejects, once all of them have read what the library had answered before.
 *
 * @param inTurn - whether they are asked after what was handed over before, or at once.
 */
export type Probe = (pubsubTopics: ReadonlySet<string>, inTurn: boolean) => Promise<void>

/** A message, as far as the pace goes. */
export class PacedMessage {
  readonly pubsubTopic: string
  readonly payloadBytes: number
  /** What it counts for. */
  readonly bytes: number
  readonly isLarge: boolean
  /** Whether the library has answered. */
  isAnswered = false
  /** Whether the peers are being asked about it. */
  isAsked = false

  constructor (pubsubTopic: string, payloadBytes: number) {
    this.pubsubTopic = pubsubTopic
    this.payloadBytes = payloadBytes
    this.isLarge = payloadBytes > smallBytes
    this.bytes = Math.min(payloadBytes + overheadBytes, maxCountedBytes)
  }
}

/** How much some messages are. */
class Amount {
  messages = 0
  bytes = 0

  add ({ bytes }: PacedMessage): void {
    this.messages++
    this.bytes += bytes
  }

  remove ({ bytes }: PacedMessage): void {
    this.messages--
    this.bytes -= bytes
  }
}

/**
 * Bounds what was handed to the library and is perhaps not sent yet. The library does not tell when it has sent something, but its
 * pings go over the same connections: when one is back, the peer has read what was published before that was sent. Once a part of
 * what may be open is, every peer on the topics is pinged, and again for as long as it is that much. So the pace is that of the
 * peers, and with few messages nothing is done at all.
 *
 * A ping is two round trips, one to open a stream and one on it. What waited for the stream of the messages when it began has left
 * by the time the first is over, because by then the peer has read what was there and told so, and is read before the second is. Of
 * what the library answered while it was under way it tells nothing; that is for the next round, which need not wait for the end of
 * this one. Only behind large messages there is one at a time: with two, bursts of 100 KiB messages lost some.
 */
export class Pacer {
  readonly #probe: Probe
  // The oldest first. Not a Set, for the reason that is told at Slots.
  #messages: PacedMessage[] = []
  #numLarge = 0
  #numRounds = 0
  readonly #open = new Amount()
  readonly #unanswered = new Amount()
  readonly #asked = new Amount()
  #waiting: (() => void) | undefined

  constructor (probe: Probe) {
    this.#probe = probe
  }

  /** How much is open. */
  get open (): { readonly messages: number, readonly bytes: number } {
    const { messages, bytes } = this.#open
    return { messages, bytes }
  }

  /**
   * Hands a message over once there is room for it; the room comes back by itself. One at a time. Returns nothing when that was at once.
   *
   * @param deadline - ends the waiting.
   * @param handOver - called before anything else is asked of the library. Once that has answered, {@link answered} is to be called.
   */
  pass (message: PacedMessage, deadline: Deadline, handOver: () => void): Promise<void> | undefined {
    if (!this.#fits(message)) return this.#passLater(message, deadline, handOver)
    this.#handOver(message, handOver)
    return undefined
  }

  /** The library has answered, whatever it was, to a message that was handed over. */
  answered (message: PacedMessage): void {
    message.isAnswered = true
    this.#unanswered.remove(message)
    this.#askWhenDue()
    this.#waiting?.()
  }

  async #passLater (message: PacedMessage, deadline: Deadline, handOver: () => void): Promise<void> {
    while (!this.#fits(message)) await this.#change(deadline)
    this.#handOver(message, handOver)
  }

  #handOver (message: PacedMessage, handOver: () => void): void {
    this.#messages.push(message)
    if (message.isLarge) this.#numLarge++
    this.#open.add(message)
    this.#unanswered.add(message)
    handOver()
    if (this.#hasLarge) this.#askWhenDue()
  }

  #fits ({ bytes, isLarge }: PacedMessage): boolean {
    return this.#unanswered.messages < maxUnanswered && (isLarge || this.#unanswered.bytes + bytes <= maxUnansweredBytes) &&
      this.#open.messages < maxOpenMessages && this.#open.bytes + bytes <= maxOpenBytes
  }

  get #hasLarge (): boolean {
    return this.#numLarge > 0
  }

  #askWhenDue (): void {
    if (this.#numRounds >= (this.#hasLarge ? 1 : maxRounds)) return
    // Of what the library has not answered a ping tells only when it goes in turn, as behind large messages.
    const messages = this.#open.messages - (this.#hasLarge ? 0 : this.#unanswered.messages)
    const bytes = this.#open.bytes - (this.#hasLarge ? 0 : this.#unanswered.bytes)
    const { messages: askedMessages, bytes: askedBytes } = this.#asked
    if (isMoreThan(askedFrom, messages, bytes) && isMoreThan(askedAgainFrom, messages - askedMessages, bytes - askedBytes)) void this.#ask()
  }

  async #ask (): Promise<void> {
    const inTurn = this.#hasLarge
    const asked = this.#messages.filter(({ isAnswered, isAsked }) => (inTurn || isAnswered) && !isAsked)
    for (const message of asked) this.#setAsked(message, true)
    this.#numRounds++
    await this.#probe(new Set(asked.map(({ pubsubTopic }) => pubsubTopic)), inTurn)
    this.#numRounds--
    for (const message of asked) this.#setAsked(message, false)
    const read = new Set(asked.filter(({ isAnswered }) => isAnswered))
    for (const message of read) this.#forget(message)
    this.#messages = this.#messages.filter((message) => !read.has(message))
    // Otherwise the library has to answer first.
    if (read.size > 0 || this.#messages.some(({ isAnswered }) => isAnswered)) this.#askWhenDue()
    this.#waiting?.()
  }

  #setAsked (message: PacedMessage, isAsked: boolean): void {
    message.isAsked = isAsked
    if (isAsked) this.#asked.add(message)
    else this.#asked.remove(message)
  }

  #forget (message: PacedMessage): void {
    this.#open.remove(message)
    if (message.isLarge) this.#numLarge--
  }

  async #change (deadline: Deadline): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#waiting = () => {
        this.#waiting = undefined
        deadline.listen(undefined)
        resolve()
      }
      deadline.listen((reason) => {
        this.#waiting = undefined
        reject(reason)
      })
    })
  }
}

/** Tells whether messages take more than a part of what may be open. */
function isMoreThan (part: number, messages: number, bytes: number): boolean {
  return messages > maxOpenMessages * part || bytes > maxOpenBytes * part
}
