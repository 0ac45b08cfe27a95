import { setTimeout as delay } from 'node:timers/promises'
import type { Deadline } from '../../deadline.js'
import { WakuError } from '../../errors.js'
import { copyOfMessage, type MessageHash, type ReceivedMessage, type WakuMessage } from '../../message.js'
import { protocolIds } from '../../peers.js'
import { PublishQueue } from '../../publish-queue.js'
import type { RecentSet } from '../../recent-set.js'
import type { LibraryNode } from './functions.js'
import { PacedMessage, Pacer } from './pacer.js'
import { PeerProbe } from './peer-probe.js'

/** What may wait to be published; more is refused with `WAKU_QUEUE_FULL`. */
const maxQueuedMessages = 20_000
const maxQueuedBytes = 256 * 1024 * 1024

/** How long after an answer the news of a message may come, in milliseconds, and how often it is looked for. */
const newsAfterMs = 500
const pollIntervalMs = 5

/** What a publisher needs of the node around it. */
export interface PublisherHost {
  readonly node: LibraryNode
  /** Hashes of what this node has sent or received lately. */
  readonly known: RecentSet
  readonly isJoined: (pubsubTopic: string) => boolean
  /** Whether anybody hears the messages of a topic; one that nobody hears is not delivered. */
  readonly isHeard: (pubsubTopic: string) => boolean
  /** Delivers an own message that was sent. */
  readonly sent: (own: ReceivedMessage) => void
}

/** Publishes messages in the order they were asked for, no faster than the library and its peers can take them. */
export class Publisher {
  readonly #host: PublisherHost
  readonly #queue = new PublishQueue(maxQueuedMessages, maxQueuedBytes)
  readonly #probe: PeerProbe
  readonly #pacer: Pacer

  constructor (host: PublisherHost) {
    this.#host = host
    this.#probe = new PeerProbe(host.node)
    this.#pacer = new Pacer(async (...asked) => await this.#probe.round(...asked))
  }

  /** @throws {WakuError} `WAKU_NO_PEERS`, `WAKU_QUEUE_FULL`, `WAKU_LIBRARY_ERROR` */
  async publish (message: WakuMessage, pubsubTopic: string, messageHash: MessageHash, deadline: Deadline): Promise<void> {
    const { known, isHeard, sent } = this.#host
    const paced = new PacedMessage(pubsubTopic, message.payload.byteLength)
    // Copied before this returns, because the caller may change the bytes then.
    const own = isHeard(pubsubTopic) ? copyOfMessage(message) : undefined
    let waiting: WakuMessage | undefined
    let answer: Promise<boolean> | undefined
    const turn = this.#queue.run(paced.payloadBytes, deadline, () => this.#pacer.pass(paced, deadline, () => {
      answer = this.#handOver(waiting ?? message, pubsubTopic, messageHash)
    }))
    if (answer === undefined) waiting = own ?? copyOfMessage(message)
    if (turn !== undefined) await turn
    if (await this.#untilAnswered(paced, answer) === false && !await this.#isKnown(messageHash, pubsubTopic)) {
      throw new WakuError('WAKU_NO_PEERS', `no peer takes messages on ${pubsubTopic}`, { protocol: protocolIds.relay })
    }
    if (known.add(messageHash) && own !== undefined) sent({ message: own, pubsubTopic, messageHash })
  }

  /** A message that the library knows goes to nobody either; that it came before may be heard only after the answer. */
  async #isKnown (messageHash: MessageHash, pubsubTopic: string): Promise<boolean> {
    const { known, node } = this.#host
    if (known.has(messageHash)) return true
    if ((await node.peersOnTopic(pubsubTopic)).length === 0) return false
    for (const until = performance.now() + newsAfterMs; performance.now() < until && !known.has(messageHash);) await delay(pollIntervalMs)
    return known.has(messageHash)
  }

  async #untilAnswered (paced: PacedMessage, answer: Promise<boolean> | undefined): Promise<boolean | undefined> {
    try {
      return await answer
    } finally {
      this.#pacer.answered(paced)
    }
  }

  #handOver (message: WakuMessage, pubsubTopic: string, messageHash: MessageHash): Promise<boolean> {
    // What is joined is heard, own messages too, also when nobody takes them; they are delivered when they are sent.
    return this.#host.node.publish(pubsubTopic, message, this.#host.isJoined(pubsubTopic) ? messageHash : undefined)
  }
}
