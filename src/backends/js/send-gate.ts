import type { Stream } from '@libp2p/interface'

/** Bytes waiting for one peer beyond which a publisher waits until the peer has taken them. */
const highWaterBytes = 512 * 1024

/** How long a peer may take nothing of what waits for it, in milliseconds. */
const stalledAfterMs = 5000

/** How long a peer may take to come below the high-water mark, in milliseconds: everybody waits for it. */
const tooSlowAfterMs = 10_000

/** The streams to the peers of a topic by base58 peer id. */
export type StreamsOf = (pubsubTopic: string) => ReadonlyArray<readonly [peerId: string, stream: Stream]>

/**
 * Lets the publishers of a topic through one at a time and holds them while one of its peers cannot take more, which libp2p
 * would buffer without bound and then reset the stream, with all that is in it. A peer for which everybody waits too long is given up.
 */
export class SendGate {
  readonly #streamsOf: StreamsOf
  readonly #giveUp: (peerId: string) => void
  readonly #turns = new Map<string, Promise<void>>()
  readonly #draining = new Map<Stream, Promise<void>>()

  constructor (streamsOf: StreamsOf, giveUp: (peerId: string) => void) {
    this.#streamsOf = streamsOf
    this.#giveUp = giveUp
  }

  /** Sends when it is this publisher's turn; not at all if the signal fires first. */
  async pass<T> (pubsubTopic: string, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    const sent = (this.#turns.get(pubsubTopic) ?? Promise.resolve()).then(async () => {
      signal.throwIfAborted()
      await this.#untilPeersTakeMore(pubsubTopic)
      signal.throwIfAborted()
      return await send()
    })
    const turn = sent.then(() => {}, () => {})
    this.#turns.set(pubsubTopic, turn)
    try {
      return await sent
    } finally {
      if (this.#turns.get(pubsubTopic) === turn) this.#turns.delete(pubsubTopic)
    }
  }

  async #untilPeersTakeMore (pubsubTopic: string): Promise<void> {
    for (const [peerId, stream] of this.#streamsOf(pubsubTopic)) {
      if (!isFull(stream)) continue
      // One wait for a stream, however many topics its peer is on.
      let drained = this.#draining.get(stream)
      if (drained === undefined) {
        drained = this.#drain(peerId, stream).finally(() => this.#draining.delete(stream))
        this.#draining.set(stream, drained)
      }
      await drained
    }
  }

  async #drain (peerId: string, stream: Stream): Promise<void> {
    const startedAt = performance.now()
    while (isFull(stream)) {
      if (performance.now() - startedAt < tooSlowAfterMs && await drainsWithin(stream, stalledAfterMs)) continue
      this.#giveUp(peerId)
      return
    }
  }
}

function isFull (stream: Stream): boolean {
  return stream.status === 'open' && stream.writeBufferLength > highWaterBytes
}

// Not stream.onDrain(): from its second call on it resolves at once.
async function drainsWithin (stream: Stream, ms: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const settle = (drained: boolean): void => {
      clearTimeout(timer)
      stream.removeEventListener('drain', yes)
      stream.removeEventListener('close', yes)
      resolve(drained)
    }
    const yes = (): void => settle(true)
    const timer = setTimeout(() => settle(false), ms)
    stream.addEventListener('drain', yes)
    stream.addEventListener('close', yes)
  })
}
