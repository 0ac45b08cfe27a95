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

/** The library answers before it sends; more calls than this only wait in front of it. */
const maxUnanswered = 256

/** What a message needs beside its payload: topics, hash, framing and encryption; in bytes, and plenty. */
const overheadBytes = 200

/**
 * Asks the peers on pubsub topics. Resolves, never rejects, with a time on the clock of {@link Reply.atMs}, not before `sinceMs`:
 * what the library had answered by then, all of them have read.
 *
 * @param sinceMs - when the library gave the last answer that has come.
 */
export type Probe = (pubsubTopics: ReadonlySet<string>, sinceMs: number) => Promise<number>

/** A message that the library has answered. */
interface Answered {
  readonly pubsubTopic: string
  readonly bytes: number
  readonly atMs: number
}

/**
 * Bounds what was handed to the library and is perhaps not sent yet. The library does not tell when it has sent something, but its
 * pings go over the same connections: when one is back, the peer has read what was published before that was sent. Once half of
 * what may be open is, every peer on the topics is pinged, and again for as long as it is that much. So the pace is that of the
 * peers, and with few messages nothing is done at all. Never two rounds at once: that a ping passes does not say that what came
 * before it has been taken from its stream, which takes the peer about as long; with two, bursts of 100 KiB messages lost some.
 */
export class Pacer {
  readonly #probe: Probe
  #openBytes = 0
  #openMessages = 0
  #unanswered = 0
  // The oldest first.
  #answered: Answered[] = []
  #probing = false
  #waiting: (() => void) | undefined

  constructor (probe: Probe) {
    this.#probe = probe
  }

  /** How much is open. */
  get open (): { readonly messages: number, readonly bytes: number } {
    return { messages: this.#openMessages, bytes: this.#openBytes }
  }

  /**
   * Hands a message over once there is room for it; the room comes back by itself. One at a time. Returns nothing when that was at once.
   *
   * @param payloadBytes - of the message.
   * @param deadline - ends the waiting.
   * @param handOver - called before anything else is asked of the library. Once that has answered, {@link answered} is to be called.
   */
  pass (payloadBytes: number, deadline: Deadline, handOver: () => void): Promise<void> | undefined {
    const bytes = countedBytes(payloadBytes)
    if (!this.#fits(bytes)) return this.#passLater(bytes, deadline, handOver)
    this.#handOver(bytes, handOver)
    return undefined
  }

  /**
   * The library has answered, whatever it was, to a message that was handed over.
   *
   * @param payloadBytes - of the message.
   * @param atMs - when; {@link Reply.atMs}.
   */
  answered (pubsubTopic: string, payloadBytes: number, atMs: number): void {
    this.#unanswered--
    this.#answered.push({ pubsubTopic, bytes: countedBytes(payloadBytes), atMs })
    if (this.#isHalfFull()) this.#startProbing()
    this.#waiting?.()
  }

  async #passLater (bytes: number, deadline: Deadline, handOver: () => void): Promise<void> {
    while (!this.#fits(bytes)) {
      await this.#change(deadline)
    }
    this.#handOver(bytes, handOver)
  }

  #handOver (bytes: number, handOver: () => void): void {
    this.#openBytes += bytes
    this.#openMessages++
    this.#unanswered++
    handOver()
  }

  #fits (bytes: number): boolean {
    return this.#unanswered < maxUnanswered && this.#hasRoomFor(bytes)
  }

  #hasRoomFor (bytes: number): boolean {
    return this.#openMessages < maxOpenMessages && this.#openBytes + bytes <= maxOpenBytes
  }

  #isHalfFull (): boolean {
    return this.#openMessages > maxOpenMessages / 2 || this.#openBytes > maxOpenBytes / 2
  }

  #startProbing (): void {
    if (this.#probing) return
    this.#probing = true
    void this.#probeWhileHalfFull()
  }

  async #probeWhileHalfFull (): Promise<void> {
    for (let last = this.#answered.at(-1); last !== undefined && this.#isHalfFull(); last = this.#answered.at(-1)) {
      const pubsubTopics = new Set(this.#answered.map(({ pubsubTopic }) => pubsubTopic))
      this.#read(pubsubTopics, await this.#probe(pubsubTopics, last.atMs))
      this.#waiting?.()
    }
    this.#probing = false
  }

  /** What the library had answered on topics by then has been read. */
  #read (pubsubTopics: ReadonlySet<string>, untilMs: number): void {
    this.#answered = this.#answered.filter(({ pubsubTopic, bytes, atMs }) => {
      if (atMs > untilMs || !pubsubTopics.has(pubsubTopic)) return true
      this.#openMessages--
      this.#openBytes -= bytes
      return false
    })
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

function countedBytes (payloadBytes: number): number {
  return Math.min(payloadBytes + overheadBytes, maxCountedBytes)
}
