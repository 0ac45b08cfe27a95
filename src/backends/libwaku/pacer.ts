import type { Deadline } from '../../deadline.js'

/**
 * A peer grants 256 000 bytes on a stream, and again when it has read half of them. What goes beyond that the library queues,
 * and when more than 256 000 bytes wait there, of which a message counts for at most a third, it resets the stream: what waits
 * is lost, and so is all that is published until there is a new one. Neither an answer nor an event tells. So no more than this
 * is open at once; the rest is for what the node forwards.
 */
const maxOpenBytes = 300_000
const maxCountedBytes = 100_000

/** The other multiplexer, mplex, ends a connection on which 1 024 writes wait. */
const maxOpenMessages = 512

/** The library answers before it sends; more calls than this only wait in front of it. */
const maxUnanswered = 256

/** What a message needs beside its payload: topics, hash, framing and encryption; in bytes, and plenty. */
const overheadBytes = 200

/** How many probes are under way at once: one for each half of what may be open. A peer answers no more than a few pings at once. */
const maxProbes = 2

/** Resolves once what was handed over before is sent. Never rejects, and ends by itself when a peer does not answer. */
export type Probe = () => Promise<void>

/**
 * Bounds what was handed to the library and is perhaps not sent yet. The library does not tell when it has sent something,
 * but its pings go over the same connections, each first opening a stream and then measuring, so that they go there and
 * back twice: when a ping is back, the peer has read what was published before. Whenever half of what may be open has been
 * handed over, every peer on the topics is pinged; when all are back, what was handed over before is taken for sent. So the
 * pace is that of the peers, and with few messages hardly anything is done.
 */
export class Pacer {
  readonly #probe: Probe
  // From the beginning: what was handed over, what of that is sent, and up to where a probe asks.
  #handedOver: Load = none
  #sent: Load = none
  #probed: Load = none
  #numProbes = 0
  #lastProbe: Promise<void> | undefined
  #unanswered = 0
  #waiting: (() => void) | undefined

  constructor (probe: Probe) {
    this.#probe = probe
  }

  /** How much is open. */
  get open (): Load {
    return difference(this.#handedOver, this.#sent)
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
      if (!this.#hasRoomFor(bytes)) this.#startProbe()
      await this.#change(deadline)
    }
    this.#handOver(bytes, handOver)
  }

  #handOver (bytes: number, handOver: () => Promise<unknown>): void {
    this.#handedOver = { messages: this.#handedOver.messages + 1, bytes: this.#handedOver.bytes + bytes }
    this.#unanswered++
    const answered = (): void => {
      this.#unanswered--
      this.#waiting?.()
    }
    handOver().then(answered, answered)
    if (isHalfFull(difference(this.#handedOver, this.#probed))) this.#startProbe()
  }

  #fits (bytes: number): boolean {
    return this.#unanswered < maxUnanswered && this.#hasRoomFor(bytes)
  }

  #hasRoomFor (bytes: number): boolean {
    const open = this.open
    return open.messages < maxOpenMessages && open.bytes + bytes <= maxOpenBytes
  }

  /** Asks for what was handed over since it was last asked. */
  #startProbe (): void {
    const upTo = this.#handedOver
    if (this.#numProbes >= maxProbes || upTo.messages === this.#probed.messages) return
    this.#probed = upTo
    this.#numProbes++
    // In order: each asks only the peers on the topics of its own messages.
    this.#lastProbe = Promise.all([this.#lastProbe, this.#probe()]).then(() => {
      this.#numProbes--
      this.#sent = upTo
      this.#waiting?.()
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

/** Messages, and their bytes as they are counted. */
interface Load {
  readonly messages: number
  readonly bytes: number
}

const none: Load = { messages: 0, bytes: 0 }

function difference (more: Load, less: Load): Load {
  return { messages: more.messages - less.messages, bytes: more.bytes - less.bytes }
}

function isHalfFull ({ messages, bytes }: Load): boolean {
  return messages >= maxOpenMessages / 2 || bytes >= maxOpenBytes / 2
}
