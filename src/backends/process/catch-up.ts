import { setTimeout as delay } from 'node:timers/promises'
import type { NodeConfig } from '../../config.js'
import { reasonOf } from '../../errors.js'
import { messageHash, type ReceivedMessage } from '../../message.js'
import { isSignedMessage } from '../../protected-shard.js'
import { maxPageSize, type StoredMessage, type StorePage, type StoreQuery } from '../../store.js'
import { fetchPatiently, walkStore } from '../../store-reader.js'
import { pubsubTopicOfShard } from '../../topics.js'

/** How far before what surely was delivered it is asked for, in milliseconds: clocks differ, and messages travel. */
const overlapMs = 5000

/** How long a store may take to have a message that went past it, in milliseconds. */
const storeDelayMs = 2000

/** After this a gap is left as it is, in milliseconds: what was delivered before it might be delivered again. */
const maxGapMs = 110_000

/** Waits between attempts, in milliseconds; the last one goes on. */
const retryDelaysMs = [100, 250, 500, 1000, 2000]

/** How long a store may take for one page, in milliseconds. */
const pageTimeoutMs = 10_000

/** What catching up needs of the backend. */
export interface CatchUpHost {
  /** Asks a store, `peer` or any that is known. */
  queryStore (query: StoreQuery, peer: string | undefined, signal: AbortSignal): Promise<StorePage>
  /** The pubsub topics that are subscribed to. */
  topics (): ReadonlySet<string>
  /** Whether peers are connected as they were before the gap. */
  hasHealed (): boolean
  /** Delivers a message, which may have been delivered before. */
  deliver (received: ReceivedMessage): void
}

/** Fetches from a store what was sent while there was no process. */
export class CatchUp {
  readonly #config: NodeConfig
  readonly #host: CatchUpHost
  readonly #publicKeys: ReadonlyMap<string, string>
  #coveredUntilMs = Date.now()
  #gapSinceMs: number | undefined
  // Those that were subscribed to when the gap began.
  #topics: readonly string[] = []
  #controller: AbortController | undefined

  constructor (config: NodeConfig, host: CatchUpHost) {
    this.#config = config
    this.#host = host
    this.#publicKeys = new Map(config.protectedShards.map(({ shardId, publicKey }) => [pubsubTopicOfShard(config.clusterId, shardId), publicKey]))
  }

  /** All that was sent until then, in milliseconds since the Unix epoch, has been delivered, unless it fell into an earlier gap. */
  covered (untilMs: number): void {
    this.#coveredUntilMs = untilMs
  }

  /** Something may be missing from here on. */
  interrupt (): void {
    this.#controller?.abort()
    if (this.#gapSinceMs !== undefined) return
    this.#gapSinceMs = this.#coveredUntilMs
    this.#topics = [...this.#host.topics()]
  }

  /** Begins to fill the gap, in the background. */
  begin (): void {
    if (this.#topics.length === 0) return
    const { signal } = this.#controller = new AbortController()
    this.#fill(signal).catch((error: unknown) => {
      if (!signal.aborted) this.#config.logger.warn('what was missed cannot be fetched', { reason: reasonOf(error) })
    })
  }

  /** Nothing is to be delivered any more, and no gap to be filled later. */
  stop (): void {
    this.#controller?.abort()
    this.#gapSinceMs = undefined
  }

  async #fill (signal: AbortSignal): Promise<void> {
    const giveUpAtMs = (this.#gapSinceMs ?? 0) + maxGapMs
    const candidates = [undefined, ...this.#config.storePeers]
    // What is sent before there are peers again is in no gossip; once there are, the stores still need a moment.
    let healedAtMs: number | undefined
    for (let attempt = 0; ; attempt++) {
      const startedAtMs = Date.now()
      if (healedAtMs === undefined && this.#host.hasHealed()) healedAtMs = startedAtMs
      try {
        await this.#fetch(candidates[attempt % candidates.length], signal)
        this.#gapSinceMs = startedAtMs
        if (startedAtMs > (healedAtMs ?? Infinity) + storeDelayMs) break
      } catch (error) {
        if (signal.aborted || startedAtMs > giveUpAtMs) throw error
        this.#config.logger.debug('a store does not help yet', { reason: reasonOf(error) })
      }
      await delay(retryDelaysMs[Math.min(attempt, retryDelaysMs.length - 1)], undefined, { signal, ref: false })
      if (Date.now() > giveUpAtMs) break
    }
    this.#gapSinceMs = undefined
  }

  async #fetch (peer: string | undefined, signal: AbortSignal): Promise<void> {
    const timeStart = BigInt(Math.max(0, (this.#gapSinceMs ?? Date.now()) - overlapMs)) * 1_000_000n
    const subscribed = this.#host.topics()
    const queries = this.#topics.filter((topic) => subscribed.has(topic)).map((pubsubTopic): StoreQuery => ({ pubsubTopic, timeStart, paginationLimit: maxPageSize }))
    const fetchPage = async (query: StoreQuery): Promise<StorePage> => await fetchPatiently(
      async () => await this.#host.queryStore(query, peer, AbortSignal.any([signal, AbortSignal.timeout(pageTimeoutMs)])), signal)
    for await (const stored of walkStore(queries, fetchPage)) {
      signal.throwIfAborted()
      if (this.#isSound(stored)) this.#host.deliver(stored)
    }
  }

  /** A store may be wrong or lie; what comes by gossip is checked as well. */
  #isSound (stored: StoredMessage): stored is ReceivedMessage {
    const { message, pubsubTopic } = stored
    if (message === undefined || pubsubTopic === undefined || messageHash(pubsubTopic, message) !== stored.messageHash) return false
    const publicKey = this.#publicKeys.get(pubsubTopic)
    return publicKey === undefined || isSignedMessage(pubsubTopic, message, publicKey, message.timestamp)
  }
}
