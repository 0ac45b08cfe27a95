import { isWakuError, messageHash, type MessageHash, type Subscription, type WakuMessage, type WakuNode } from '../../index.js'
import { decodeChatMessage, encodeChatMessage, type ChatMessage } from './chat-message.js'

/** A message as a room shows it. */
export interface RoomMessage extends ChatMessage {
  /** Nanoseconds since the Unix epoch, by the sender's clock. */
  readonly timestamp: bigint
  readonly messageHash: MessageHash
  /** True when it came from a store. */
  readonly isHistory: boolean
}

/** How many messages of history are shown. */
const historySize = 20

/** How many messages are remembered so that none is shown twice. */
const maxRemembered = 2000

const noMeta = new Uint8Array()

/** One room of the chat: a content topic, what is said there, and its history. */
export class Room {
  readonly name: string
  readonly contentTopic: string
  readonly #node: WakuNode
  readonly #show: (message: RoomMessage) => void
  readonly #shown = new Set<MessageHash>()
  #subscription: Subscription | undefined
  #lastTimestamp = 0n

  constructor (node: WakuNode, name: string, show: (message: RoomMessage) => void) {
    this.#node = node
    this.name = name
    this.contentTopic = `/nwaku-desktop-chat/1/${name}/json`
    this.#show = show
  }

  /** The pubsub topic of a joined room. */
  get pubsubTopic (): string {
    return this.#subscription?.pubsubTopics[0] ?? ''
  }

  /** Begins to show what others say. */
  async join (): Promise<void> {
    this.#subscription = await this.#node.subscribe({ contentTopics: [this.contentTopic] }, ({ message, messageHash: hash }) => { this.#receive(hash, message, false) })
  }

  async leave (): Promise<void> {
    await this.#subscription?.unsubscribe()
  }

  /**
   * Shows the newest messages that a store has and that were not shown yet.
   *
   * @param stores - peer ids and multiaddrs of stores; the first that answers is believed.
   * @returns the number of messages shown; undefined when none of the stores answered.
   */
  async showHistory (stores: readonly string[], signal: AbortSignal): Promise<number | undefined> {
    const query = { contentTopics: [this.contentTopic], paginationForward: false, paginationLimit: historySize }
    for (const peer of stores) {
      try {
        const { messages } = await this.#node.queryStore(query, { peer, signal })
        return messages.filter(({ messageHash: hash, message }) => message !== undefined && this.#receive(hash, message, true)).length
      } catch (error) {
        // A node without a store, or one that is gone: the next may have the history.
        if (!isWakuError(error) || isWakuError(error, 'WAKU_ABORTED')) throw error
      }
    }
    return undefined
  }

  /** Says something. @throws {WakuError} when it was not sent. @returns the message hash. */
  async say (message: ChatMessage, signal: AbortSignal): Promise<MessageHash> {
    const payload = encodeChatMessage(message)
    const timestamp = this.#nextTimestamp()
    // Remembered before it is published, because the node hears itself.
    this.#remember(messageHash(this.pubsubTopic, { payload, contentTopic: this.contentTopic, meta: noMeta, timestamp }))
    return await this.#node.publish({ payload, contentTopic: this.contentTopic, timestamp }, { signal })
  }

  #receive (hash: MessageHash, message: WakuMessage, isHistory: boolean): boolean {
    if (this.#shown.has(hash)) return false
    const chatMessage = decodeChatMessage(message.payload)
    if (chatMessage === undefined) return false
    this.#remember(hash)
    this.#show({ ...chatMessage, timestamp: message.timestamp, messageHash: hash, isHistory })
    return true
  }

  #remember (hash: MessageHash): void {
    this.#shown.add(hash)
    const [oldest] = this.#shown
    if (this.#shown.size > maxRemembered && oldest !== undefined) this.#shown.delete(oldest)
  }

  // Two equal texts within a millisecond are two messages.
  #nextTimestamp (): bigint {
    const now = BigInt(Date.now()) * 1_000_000n
    this.#lastTimestamp = now > this.#lastTimestamp ? now : this.#lastTimestamp + 1n
    return this.#lastTimestamp
  }
}
