import { isWakuError, type WakuNode } from 'nwaku-desktop'
import type { ChatMessage } from '../../shared/ipc.js'
import { toChatError } from '../chat-failure.js'
import type { Database } from '../database/database.js'
import type { MessageUnderWay } from '../database/message-table.js'
import type { Sharding } from '../node/network-options.js'
import { nowUs, type RoomBook } from '../rooms/room-book.js'
import { outgoingMessage } from './outgoing-message.js'

/** How many messages are with the node at once. */
const maxInFlight = 64

/** A message that waited longer than this goes out with a new timestamp, in microseconds: stores keep only what is fresh. */
const staleUs = 10_000_000

/** How long a started node may have nobody to send to before a message counts as failed, in milliseconds. It is sent all the same once somebody comes. */
const patienceMs = 30_000

/** How long the node may take for one message, in milliseconds. */
const publishTimeoutMs = 30_000

/** How soon it is tried again when there was nobody to send to, in milliseconds, unless the node tells of somebody before. */
const retryIntervalMs = 1000

/** What a sender needs of the engine. */
export interface SenderHooks {
  /** The node, when it is started. */
  node (): WakuNode | undefined
  sharding (): Sharding | undefined
  /** A message was handed to the network. */
  sent (message: ChatMessage, numBytes: number): void
  failed (message: ChatMessage): void
  /** How many messages wait has changed. */
  changed (): void
}

/** Sends what the database holds in state `sending`, in order. What is not sent when the app ends is sent when it is back. */
export class Sender {
  readonly #database: Database
  readonly #book: RoomBook
  readonly #hooks: SenderHooks
  readonly #inFlight = new Set<number>()
  /** When sending to nobody was first tried, by message. */
  readonly #lonelySince = new Map<number, number>()
  #isBlocked = false
  #timer: NodeJS.Timeout | undefined
  #isPumping = false

  constructor (database: Database, book: RoomBook, hooks: SenderHooks) {
    this.#database = database
    this.#book = book
    this.#hooks = hooks
  }

  /** There is something to send, or somebody to send to. */
  wake (): void {
    this.#isBlocked = false
    if (this.#isPumping) return
    this.#isPumping = true
    setImmediate(() => {
      this.#isPumping = false
      this.#pump()
    })
  }

  /** Sends a failed message again; one that only had nobody to go to is sent by itself once there is somebody. */
  retry (id: number): ChatMessage | undefined {
    this.#lonelySince.delete(id)
    const message = this.#book.setState(id, 'sending')
    this.wake()
    return message
  }

  /** Sends a message again that was sent, and is in no store. */
  async repeat (message: MessageUnderWay): Promise<void> {
    const node = this.#hooks.node()
    const sharding = this.#hooks.sharding()
    if (node === undefined || sharding === undefined) return
    // With another timestamp, because the node and its peers pass the same bytes on only once.
    await this.#publish(node, sharding, message, true)
  }

  stop (): void {
    clearTimeout(this.#timer)
    this.#isBlocked = true
  }

  #pump (): void {
    const node = this.#hooks.node()
    const sharding = this.#hooks.sharding()
    if (this.#isBlocked || node === undefined || sharding === undefined || this.#inFlight.size >= maxInFlight) return
    for (const message of this.#database.messages.sending(maxInFlight)) {
      if (!this.#inFlight.has(message.id)) this.#send(node, sharding, message)
    }
  }

  #send (node: WakuNode, sharding: Sharding, message: MessageUnderWay): void {
    this.#inFlight.add(message.id)
    this.#publish(node, sharding, message).then((numBytes) => {
      this.#settled(message.id)
      const sent = this.#book.setState(message.id, 'sent')
      if (sent !== undefined) this.#hooks.sent(sent, numBytes)
    }, (error: unknown) => {
      this.#inFlight.delete(message.id)
      if (this.#mayWait(error, message.id)) this.#waitABit()
      else this.#fail(message.id, error)
    }).finally(() => {
      this.#hooks.changed()
      if (!this.#isBlocked) this.wake()
    })
  }

  async #publish (node: WakuNode, sharding: Sharding, message: MessageUnderWay, isFresh = message.sentAtUs < nowUs() - staleUs): Promise<number> {
    const sentAtUs = isFresh ? nowUs() + message.id % 1000 : message.sentAtUs
    const outgoing = outgoingMessage({ ...message, sentAtUs }, sharding)
    // Before it goes out, because the node hears itself, and because the app may end.
    if (isFresh) this.#database.messages.setSent(message.id, outgoing.hash, sentAtUs)
    await node.publish(outgoing.message, { timeoutMs: publishTimeoutMs })
    return outgoing.message.payload.byteLength
  }

  #settled (id: number): void {
    this.#inFlight.delete(id)
    this.#lonelySince.delete(id)
  }

  /** Whether a message only has to wait: the node is off or on its way back, or alone for a while. */
  #mayWait (error: unknown, id: number): boolean {
    if (['WAKU_NOT_STARTED', 'WAKU_CLOSED', 'WAKU_QUEUE_FULL'].some((code) => isWakuError(error) && error.code === code)) return true
    if (!isWakuError(error, 'WAKU_NO_PEERS')) return false
    const since = this.#lonelySince.get(id) ?? Date.now()
    this.#lonelySince.set(id, since)
    return Date.now() - since < patienceMs
  }

  #waitABit (): void {
    this.#isBlocked = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.wake(), retryIntervalMs)
  }

  #fail (id: number, error: unknown): void {
    const failed = this.#book.setState(id, 'failed', toChatError(error))
    if (failed !== undefined) this.#hooks.failed(failed)
  }
}
