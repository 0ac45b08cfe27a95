import type { Deadline } from '../../deadline.js'

/**
 * The library queues what it sends to a peer per stream, and when more than 256 000 bytes wait there, of which a message
 * counts for at most a third, it resets the stream: what waits is lost, and so is all that is published until there is a
 * new one. Neither an answer nor an event tells. So no more than this is open at once.
 */
const maxOpenBytes = 240_000
const maxCountedBytes = 80_000

/** The other multiplexer, mplex, ends a connection on which 1 024 writes wait. */
const maxOpenMessages = 512

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
const askedFrom = { small: 1 / 4, large: 1 / 2 }

/**
 * A message of at most so many bytes is small. The peer takes many of them from its stream while a ping goes to it and back, so that
 * its end of the stream has room beside what is open: of small messages only a part is counted. Of large ones some may be in that
 * room still, which leaves less for others, when a ping has passed.
 */
const smallBytes = 16 * 1024
const smallPart = 0.6

/** What a message needs beside its payload: topics, hash, framing and encryption; in bytes, and plenty. */
const overheadBytes = 200

/**
 * Asks the peers on pubsub topics. Resolves, never rejects, with a time on the clock of {@link Reply.atMs}, not before `sinceMs`:
 * what the library had answered by then, all of them have read.
 *
 * @param sinceMs - when the library gave the last answer that has come.
 * @param inTurn - whether they are asked after what was handed over before, or at once.
 */
export type Probe = (pubsubTopics: ReadonlySet<string>, sinceMs: number, inTurn: boolean) => Promise<number>

/** A message, as far as the pace goes. */
export class PacedMessage {
  readonly pubsubTopic: string
  readonly payloadBytes: number
  /** What it counts for. */
  readonly bytes: number
  readonly isLarge: boolean
  /** When the library answered; undefined while it has not. */
  atMs: number | undefined

  constructor (pubsubTopic: string, payloadBytes: number) {
    const bytes = payloadBytes + overheadBytes
    this.pubsubTopic = pubsubTopic
    this.payloadBytes = payloadBytes
    this.isLarge = payloadBytes > smallBytes
    this.bytes = this.isLarge ? Math.min(bytes, maxCountedBytes) : Math.ceil(bytes * smallPart)
  }
}

/**
 * Bounds what was handed to the library and is perhaps not sent yet. The library does not tell when it has sent something, but its
 * pings go over the same connections: when one is back, the peer has read what was published before that was sent. Once a part of
 * what may be open is, every peer on the topics is pinged, and again for as long as it is that much. So the pace is that of the
 * peers, and with few messages nothing is done at all. Never two rounds at once: that a ping passes does not say that what came
 * before it has been taken from its stream, which takes the peer about as long; with two, bursts of 100 KiB messages lost some.
 */
export class Pacer {
  readonly #probe: Probe
  // The oldest first.
  readonly #open = new Set<PacedMessage>()
  #openBytes = 0
  #openLarge = 0
  #unanswered = 0
  #unansweredBytes = 0
  #probing = false
  #waiting: (() => void) | undefined

  constructor (probe: Probe) {
    this.#probe = probe
  }

  /** How much is open. */
  get open (): { readonly messages: number, readonly bytes: number } {
    return { messages: this.#open.size, bytes: this.#openBytes }
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

  /** The library has answered, whatever it was, to a message that was handed over. @param atMs - when; {@link Reply.atMs}. */
  answered (message: PacedMessage, atMs: number): void {
    message.atMs = atMs
    this.#unanswered--
    this.#unansweredBytes -= message.bytes
    this.#probeWhenDue()
    this.#waiting?.()
  }

  async #passLater (message: PacedMessage, deadline: Deadline, handOver: () => void): Promise<void> {
    while (!this.#fits(message)) await this.#change(deadline)
    this.#handOver(message, handOver)
  }

  #handOver (message: PacedMessage, handOver: () => void): void {
    this.#open.add(message)
    this.#openBytes += message.bytes
    if (message.isLarge) this.#openLarge++
    this.#unanswered++
    this.#unansweredBytes += message.bytes
    handOver()
    if (this.#openLarge > 0) this.#probeWhenDue()
  }

  #fits ({ bytes, isLarge }: PacedMessage): boolean {
    return this.#unanswered < maxUnanswered && (isLarge || this.#unansweredBytes + bytes <= maxUnansweredBytes) &&
      this.#open.size < maxOpenMessages && this.#openBytes + bytes <= maxOpenBytes
  }

  /** Whether so much is open that the peers are to be asked. */
  #isDue (): boolean {
    const hasLarge = this.#openLarge > 0
    const part = hasLarge ? askedFrom.large : askedFrom.small
    const messages = this.#open.size - (hasLarge ? 0 : this.#unanswered)
    const bytes = this.#openBytes - (hasLarge ? 0 : this.#unansweredBytes)
    return messages > maxOpenMessages * part || bytes > maxOpenBytes * part
  }

  #probeWhenDue (): void {
    if (this.#probing || !this.#isDue()) return
    this.#probing = true
    void this.#probeWhileDue()
  }

  async #probeWhileDue (): Promise<void> {
    while (this.#isDue() && await this.#makeRoom()) this.#waiting?.()
    this.#probing = false
  }

  /** @returns whether there is more room now; otherwise the library has to answer first. */
  async #makeRoom (): Promise<boolean> {
    // Behind large messages a ping has to go in turn.
    const inTurn = this.#openLarge > 0
    const asked = [...this.#open].filter(({ atMs }) => inTurn || atMs !== undefined)
    if (asked.length === 0) return false
    const pubsubTopics = new Set(asked.map(({ pubsubTopic }) => pubsubTopic))
    const sinceMs = Math.max(...asked.map(({ atMs = -Infinity }) => atMs))
    const untilMs = await this.#probe(pubsubTopics, sinceMs, inTurn)
    // While there are large ones, only what was there when the round began.
    const candidates = this.#openLarge > 0 ? asked : [...this.#open].filter(({ atMs = Infinity, pubsubTopic }) => atMs <= untilMs && pubsubTopics.has(pubsubTopic))
    const read = candidates.filter(({ atMs }) => atMs !== undefined)
    for (const message of read) this.#forget(message)
    return read.length > 0 || [...this.#open].some(({ atMs }) => atMs !== undefined)
  }

  #forget (message: PacedMessage): void {
    this.#open.delete(message)
    this.#openBytes -= message.bytes
    if (message.isLarge) this.#openLarge--
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
