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

/** Resolves once what was handed over before is sent. Never rejects, and ends by itself when a peer does not answer. */
export type Probe = () => Promise<void>

/**
 * Bounds what was handed to the library and is perhaps not sent yet. The library does not tell when it has sent something,
 * but its pings go over the same connections, each first opening a stream and then measuring, so that they go there and
 * back twice: when a ping is back, the peer has read what was published before. Once half of what may be open is, every
 * peer on the topics is pinged; when all are back, what was open at the beginning is taken for sent. So the pace is that of the
 * peers, and with few messages nothing is done at all. Never two rounds at once: that a ping passes does not say that what came
 * before it has been taken from its stream, which takes the peer about as long; with two, bursts of 100 KiB messages lost some.
 */
export class Pacer {
  readonly #probe: Probe
  #openBytes = 0
  #openMessages = 0
  #unanswered = 0
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
   * @param handOver - called before anything else is asked of the library; returns its answer.
   */
  pass (payloadBytes: number, deadline: Deadline, handOver: () => Promise<unknown>): Promise<void> | undefined {
    const bytes = Math.min(payloadBytes + overheadBytes, maxCountedBytes)
    if (!this.#fits(bytes)) return this.#passLater(bytes, deadline, handOver)
    this.#handOver(bytes, handOver)
    return undefined
  }

  async #passLater (bytes: number, deadline: Deadline, handOver: () => Promise<unknown>): Promise<void> {
    while (!this.#fits(bytes)) {
      if (!this.#hasRoomFor(bytes)) this.#startProbing()
      await this.#change(deadline)
    }
    this.#handOver(bytes, handOver)
  }

  #handOver (bytes: number, handOver: () => Promise<unknown>): void {
    this.#openBytes += bytes
    this.#openMessages++
    this.#unanswered++
    const answered = (): void => {
      this.#unanswered--
      this.#waiting?.()
    }
    handOver().then(answered, answered)
    if (this.#isHalfFull()) this.#startProbing()
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
    do {
      const { messages, bytes } = this.open
      await this.#probe()
      this.#openMessages -= messages
      this.#openBytes -= bytes
      this.#waiting?.()
    } while (this.#isHalfFull())
    this.#probing = false
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
