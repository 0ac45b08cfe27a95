import Denque from 'denque'
import type { ReceivedMessage } from '../message.js'

/** What a subscription selects. */
export interface TopicFilter {
  /** Only messages with one of these content topics; by default every one on the pubsub topic. */
  readonly contentTopics?: readonly string[] | undefined
  /** The pubsub topic; by default those of `contentTopics`, by autosharding. */
  readonly pubsubTopic?: string | undefined
}

/** Receives the messages of a subscription, one at a time: the next comes when the promise it returned has settled. */
export type MessageListener = (received: ReceivedMessage) => void | Promise<void>

/** Bounds of a subscription. */
export interface SubscribeOptions {
  /** How many messages wait for a slow reader before the oldest is dropped and counted; 1 024 by default. */
  readonly maxQueuedMessages?: number | undefined
  /** Ends the subscription when it fires. */
  readonly signal?: AbortSignal | undefined
}

/** The default of {@link SubscribeOptions.maxQueuedMessages}. */
export const defaultMaxQueuedMessages = 1024

/** What a subscription needs of the node that made it. @internal */
export interface SubscriptionOwner {
  /** Called once, when the subscription ends. */
  ended (subscription: Subscription): Promise<void>
  dropped (count: number): void
  listenerFailed (error: unknown): void
}

/**
 * Messages of a subscription. Without a listener it is an async iterable, which ends when the subscription does;
 * a subscription without a listener that nobody iterates keeps the newest `maxQueuedMessages`.
 */
export class Subscription implements AsyncIterable<ReceivedMessage>, AsyncDisposable {
  /** The pubsub topics the messages come from. */
  readonly pubsubTopics: readonly string[]
  readonly #contentTopics: ReadonlySet<string> | undefined
  readonly #listener: MessageListener | undefined
  readonly #maxQueuedMessages: number
  readonly #owner: SubscriptionOwner
  readonly #queue = new Denque<ReceivedMessage>()
  #busy = false
  #numDropped = 0
  #wake: (() => void) | undefined
  #ended: Promise<void> | undefined

  /** @internal */
  constructor (pubsubTopics: readonly string[], contentTopics: readonly string[] | undefined, listener: MessageListener | undefined, maxQueuedMessages: number, owner: SubscriptionOwner) {
    this.pubsubTopics = pubsubTopics
    this.#contentTopics = contentTopics === undefined ? undefined : new Set(contentTopics)
    this.#listener = listener
    this.#maxQueuedMessages = maxQueuedMessages
    this.#owner = owner
  }

  /** How many messages this subscription lost because its reader was too slow. */
  get numDropped (): number {
    return this.#numDropped
  }

  /** Ends the subscription: nothing is delivered afterwards, and waiting iterations end. Idempotent. */
  async unsubscribe (): Promise<void> {
    this.#ended ??= this.#owner.ended(this)
    this.#queue.clear()
    this.#wake?.()
    await this.#ended
  }

  /** @inheritDoc unsubscribe */
  async [Symbol.asyncDispose] (): Promise<void> {
    await this.unsubscribe()
  }

  /** Yields messages as they come until the subscription ends. Leaving the loop ends the subscription. Several loops share the messages. */
  [Symbol.asyncIterator] (): AsyncIterableIterator<ReceivedMessage, void, undefined> {
    // Not a generator, which could not be left while it waits for a message.
    const iterator: AsyncIterableIterator<ReceivedMessage, void, undefined> = {
      next: async () => await this.#next(),
      return: async () => {
        await this.unsubscribe()
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]: () => iterator
    }
    return iterator
  }

  /** Delivers a message if the subscription selects it. @internal */
  deliver (received: ReceivedMessage): void {
    if (this.#ended !== undefined || this.#contentTopics?.has(received.message.contentTopic) === false) return
    if (this.#listener !== undefined && !this.#busy) {
      this.#call(this.#listener, received)
      if (!this.#isBusy()) this.#callNext(this.#listener)
      return
    }
    if (this.#queue.length >= this.#maxQueuedMessages) {
      this.#queue.shift()
      this.#numDropped++
      this.#owner.dropped(1)
    }
    this.#queue.push(received)
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  async #next (): Promise<IteratorResult<ReceivedMessage, void>> {
    while (this.#ended === undefined) {
      const received = this.#queue.shift()
      if (received !== undefined) return { done: false, value: received }
      await new Promise<void>((resolve) => { this.#chainWake(resolve) })
    }
    return { done: true, value: undefined }
  }

  #call (listener: MessageListener, received: ReceivedMessage): void {
    // Before the call, because what the listener does may deliver the next message.
    this.#busy = true
    try {
      const result = listener(received)
      if (result !== undefined) {
        Promise.resolve(result).catch((error: unknown) => this.#owner.listenerFailed(error)).finally(() => this.#callNext(listener))
        return
      }
    } catch (error) {
      this.#owner.listenerFailed(error)
    }
    this.#busy = false
  }

  #callNext (listener: MessageListener): void {
    this.#busy = false
    while (!this.#isBusy()) {
      const next = this.#queue.shift()
      if (next === undefined) return
      this.#call(listener, next)
    }
  }

  // A method, because a call in between changes the field behind the compiler's back.
  #isBusy (): boolean {
    return this.#busy
  }

  #chainWake (wake: () => void): void {
    const earlier = this.#wake
    this.#wake = () => { earlier?.(); wake() }
  }
}
