import { setTimeout as delay } from 'node:timers/promises'
import { settledWithin, type Deadline } from '../../deadline.js'
import { WakuError } from '../../errors.js'
import { copyOfBytes, copyOfMessage, type MessageHash, type ReceivedMessage, type WakuMessage } from '../../message.js'
import { protocolIds } from '../../peers.js'
import { PublishQueue, type Queued } from '../../publish-queue.js'
import type { Reply } from './drivers/driver.js'
import { readPublished, type LibraryNode } from './functions.js'
import { PeerTeller } from './peer-teller.js'

/**
 * What may wait to be published, more is refused with `WAKU_QUEUE_FULL`, and what may be handed over and not answered: enough that the
 * bridge has something to hand on whenever peers have read something. What they can take is the bridge's to know, which paces it.
 */
const limits = { maxWaiting: 20_000, maxWaitingBytes: 256 * 1024 * 1024, maxOpen: 256, maxOpenBytes: 512 * 1024 }

/** How long after an answer the news of a message may come, in milliseconds, and how often it is looked for. */
const newsAfterMs = 500
const pollIntervalMs = 5

/** For how long after it was published a message may be on its way to its peers, and how long that is waited for; in milliseconds. */
const recentMs = 5000
const flushMs = 1000

/** What a publisher needs of the node around it. */
export interface PublisherHost {
  readonly node: LibraryNode
  /** Whether this node has sent or received a message lately. */
  readonly isKnown: (messageHash: MessageHash) => boolean
  readonly isJoined: (pubsubTopic: string) => boolean
  /** Whether anybody hears the messages of a topic; one that nobody hears is not delivered. */
  readonly isHeard: (pubsubTopic: string) => boolean
  /** An own message was sent, and is to be delivered unless it is undefined. */
  readonly sent: (messageHash: MessageHash, own: ReceivedMessage | undefined) => void
}

/** A message on its way. */
interface Publishing extends Queued {
  /** The caller's until that has its promise, then a copy. */
  message: WakuMessage
  readonly pubsubTopic: string
  readonly messageHash: MessageHash
  /** What is to be delivered once it is sent. */
  readonly own: WakuMessage | undefined
  readonly resolve: (messageHash: MessageHash) => void
}

/** Publishes messages in the order they were asked for, no faster than the library and its peers can take them. */
export class Publisher {
  readonly #host: PublisherHost
  readonly #queue = new PublishQueue<Publishing>(limits, (publishing) => this.#handOver(publishing))
  readonly #teller: PeerTeller

  constructor (host: PublisherHost) {
    this.#host = host
    this.#teller = new PeerTeller(host.node, () => this.#queue.isBusy)
  }

  /** @throws {WakuError} `WAKU_NO_PEERS`, `WAKU_QUEUE_FULL`, `WAKU_LIBRARY_ERROR` */
  publish (message: WakuMessage, pubsubTopic: string, messageHash: MessageHash, deadline: Deadline): Promise<MessageHash> {
    // Not async, and one promise for all of its way: each more would cost every message.
    return new Promise((resolve, reject) => {
      const own = this.#host.isHeard(pubsubTopic) ? copyOfMessage(message) : undefined
      const publishing: Publishing = { message, pubsubTopic, messageHash, own, sizeBytes: message.payload.byteLength, deadline, resolve, reject }
      if (!this.#queue.add(publishing)) publishing.message = own ?? heldCopy(message)
    })
  }

  /** Waits, but not long, until the peers have read what was published lately: the library sends it after it has answered. */
  async flush (): Promise<void> {
    if (performance.now() - this.#queue.movedAt > recentMs) return
    await settledWithin([this.#pingPeers()], flushMs)
  }

  async #pingPeers (): Promise<void> {
    const { node } = this.#host
    const addresses = await this.#teller.addresses()
    // One that does not speak ping has answered too.
    await Promise.allSettled(addresses.map(async (address) => await node.ping(address, { timeoutMs: flushMs })))
  }

  #handOver (publishing: Publishing): void {
    const { message, messageHash, pubsubTopic, sizeBytes, deadline } = publishing
    this.#teller.published(pubsubTopic, sizeBytes)
    // What is joined is heard, own messages too, also when nobody takes them; they are delivered when they are sent.
    const repeated = this.#host.isJoined(pubsubTopic) ? messageHash : undefined
    this.#host.node.publish(pubsubTopic, message, repeated, deadline, {
      answered: (reply) => this.#answered(publishing, reply),
      failed: (error) => this.#failed(publishing, error)
    })
  }

  #answered (publishing: Publishing, reply: Reply): void {
    const isTaken = readPublished(reply)
    this.#queue.ended(publishing)
    if (isTaken) this.#sent(publishing)
    else this.#settleUntaken(publishing).catch(publishing.reject)
  }

  #failed (publishing: Publishing, error: unknown): void {
    this.#queue.ended(publishing)
    publishing.reject(error)
  }

  async #settleUntaken (publishing: Publishing): Promise<void> {
    const { pubsubTopic, messageHash } = publishing
    if (!await this.#isKnown(messageHash, pubsubTopic)) {
      throw new WakuError('WAKU_NO_PEERS', `no peer takes messages on ${pubsubTopic}`, { protocol: protocolIds.relay })
    }
    this.#sent(publishing)
  }

  #sent ({ own, pubsubTopic, messageHash, resolve }: Publishing): void {
    this.#host.sent(messageHash, own === undefined ? undefined : { message: own, pubsubTopic, messageHash })
    resolve(messageHash)
  }

  /** A message that the library knows goes to nobody either; that it came before may be heard only after the answer. */
  async #isKnown (messageHash: MessageHash, pubsubTopic: string): Promise<boolean> {
    const { isKnown, node } = this.#host
    if (isKnown(messageHash)) return true
    if ((await node.peersOnTopic(pubsubTopic)).length === 0) return false
    for (const until = performance.now() + newsAfterMs; performance.now() < until && !isKnown(messageHash);) await delay(pollIntervalMs)
    return isKnown(messageHash)
  }
}

/** Copies a message that nobody else gets to see: small payloads into memory that they share, which is much cheaper. */
function heldCopy (message: WakuMessage): WakuMessage {
  return { ...message, payload: Buffer.from(message.payload), meta: copyOfBytes(message.meta), proof: copyOfBytes(message.proof) }
}
