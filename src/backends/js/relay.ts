import { TopicValidatorResult, type GossipSub, type Message } from '@libp2p/gossipsub'
import type { PeerId } from '@libp2p/interface'
import type { BackendEvents } from '../../backend.js'
import type { NodeConfig } from '../../config.js'
import type { Deadline } from '../../deadline.js'
import { WakuError } from '../../errors.js'
import { messageHash, nowNs, type MessageHash, type WakuMessage } from '../../message.js'
import { protocolIds, topicHealthOf, type TopicHealth } from '../../peers.js'
import { isSignedMessage } from '../../protected-shard.js'
import { PublishQueue, type Queued } from '../../publish-queue.js'
import { pubsubTopicOfShard } from '../../topics.js'
import { decodeWakuMessage, encodedWakuMessage, encodeWakuMessage } from '../../wire/waku-message.js'
import type { BatchedStream } from './batched-stream.js'
import { joinTopic, meshPeers, outboundStreams } from './gossipsub.js'
import type { Metrics } from './metrics.js'
import { guardRouter } from './router-guard.js'

/** Bytes waiting for one peer beyond which a publisher waits until the peer has taken them. */
const highWaterBytes = 512 * 1024

/** How long a peer may take nothing of what waits for it before it is dropped, in milliseconds. */
const stalledAfterMs = 5000

/** How long peers have to take what was published when the node stops, in milliseconds. */
const endTimeoutMs = 2000

/** What may wait to be published; more is refused with `WAKU_QUEUE_FULL`. One goes after the other. */
const limits = { maxWaiting: 20_000, maxWaitingBytes: 256 * 1024 * 1024, maxOpen: 1, maxOpenBytes: 0 }

/** What a relay needs of the node around it. */
export interface RelayHost {
  /** Delivers a message to the application and to the archive. */
  received (message: WakuMessage, pubsubTopic: string, hash: MessageHash): void
  dropPeer (peerId: string, reason: string): void
}

/** A message on its way. */
interface Publishing extends Queued {
  readonly message: WakuMessage
  /** As it is encoded. */
  readonly data: Uint8Array
  readonly pubsubTopic: string
  readonly hash: MessageHash
  readonly resolve: (hash: MessageHash) => void
}

/** Publishes and receives Waku messages over gossipsub. */
export class Relay {
  readonly #config: NodeConfig
  readonly #router: GossipSub
  readonly #host: RelayHost
  readonly #events: Pick<BackendEvents, 'topicHealth'>
  readonly #metrics: Metrics
  readonly #publicKeys: ReadonlyMap<string, string>
  readonly #health = new Map<string, TopicHealth>()
  // The validator decodes first; the delivery of the same message object takes its result.
  readonly #decoded = new WeakMap<Message, WakuMessage>()
  readonly #queue = new PublishQueue<Publishing>(limits, (publishing) => { void this.#publish(publishing) })

  constructor (config: NodeConfig, router: GossipSub, host: RelayHost, events: Pick<BackendEvents, 'topicHealth'>, metrics: Metrics) {
    this.#config = config
    this.#router = router
    this.#host = host
    this.#events = events
    this.#metrics = metrics
    this.#publicKeys = new Map(config.protectedShards.map(({ shardId, publicKey }) => [pubsubTopicOfShard(config.clusterId, shardId), publicKey]))
    guardRouter(router, config.logger, (peerId, reason) => host.dropPeer(peerId, reason))
    router.addEventListener('message', ({ detail }) => this.#deliver(detail))
    for (const event of ['gossipsub:heartbeat', 'gossipsub:graft', 'gossipsub:prune'] as const) router.addEventListener(event, () => this.#updateHealth())
  }

  /** The joined topics. */
  get topics (): readonly string[] {
    return this.#router.getTopics()
  }

  subscribe (pubsubTopic: string): void {
    this.#router.topicValidators.set(pubsubTopic, (_peer, message) => this.#validate(message))
    joinTopic(this.#router, pubsubTopic)
    this.#updateHealth()
  }

  unsubscribe (pubsubTopic: string): void {
    this.#router.unsubscribe(pubsubTopic)
    this.#router.topicValidators.delete(pubsubTopic)
    this.#health.delete(pubsubTopic)
  }

  /** Base58 ids of the peers in a topic's mesh. */
  peersInMesh (pubsubTopic: string): readonly string[] {
    return meshPeers(this.#router, pubsubTopic)
  }

  /**
   * Publishes a message, after those that were asked for before it; waits while the peers of its topic cannot take more.
   *
   * @throws {WakuError} `WAKU_NO_PEERS`, `WAKU_QUEUE_FULL`
   */
  async publish (message: WakuMessage, pubsubTopic: string, hash: MessageHash, deadline: Deadline): Promise<MessageHash> {
    const data = encodeWakuMessage(message)
    return await new Promise((resolve, reject) => {
      this.#queue.add({ message: encodedWakuMessage(message, data), data, pubsubTopic, hash, sizeBytes: data.byteLength, deadline, resolve, reject })
    })
  }

  /** Never rejects. */
  async #publish (publishing: Publishing): Promise<void> {
    try {
      await this.#send(publishing)
      publishing.resolve(publishing.hash)
    } catch (error) {
      publishing.reject(error)
    } finally {
      this.#queue.ended(publishing)
    }
  }

  async #send ({ message, data, pubsubTopic, hash }: Publishing): Promise<void> {
    await this.#untilPeersTakeMore(pubsubTopic)
    // The router would remember the id of a message that it could give to nobody, and refuse a second try as a duplicate.
    if (!this.#router.getSubscribers(pubsubTopic).some((peer) => this.#streamTo(peer) !== undefined)) throw noPeers(pubsubTopic)
    try {
      const { recipients } = await this.#router.publish(pubsubTopic, data)
      if (recipients.length === 0) throw noPeers(pubsubTopic)
    } catch (error) {
      if (isRouterError(error, 'PublishError.Duplicate')) return
      throw isRouterError(error, 'PublishError.NoPeersSubscribedToTopic') ? noPeers(pubsubTopic) : error
    }
    this.#metrics.published(pubsubTopic, data.byteLength)
    if (this.#router.getTopics().includes(pubsubTopic)) this.#host.received(message, pubsubTopic, hash)
  }

  /** Gives what was published to the peers before the connections to them go. */
  async end (): Promise<void> {
    const signal = AbortSignal.timeout(endTimeoutMs)
    await Promise.all([...outboundStreams(this.#router).values()].map(async (stream) => await stream.close({ signal })))
  }

  #validate (raw: Message): TopicValidatorResult {
    if (raw.data.byteLength > this.#config.maxMessageSizeBytes) return this.#reject()
    try {
      const message = decodeWakuMessage(raw.data)
      const publicKey = this.#publicKeys.get(raw.topic)
      if (publicKey !== undefined && !isSignedMessage(raw.topic, message, publicKey, nowNs())) return this.#reject()
      this.#decoded.set(raw, message)
      return TopicValidatorResult.Accept
    } catch {
      return this.#reject()
    }
  }

  #reject (): TopicValidatorResult {
    this.#metrics.rejected()
    return TopicValidatorResult.Reject
  }

  #deliver (raw: Message): void {
    const message = this.#decoded.get(raw)
    if (message === undefined) return
    this.#metrics.received(raw.topic, raw.data.byteLength)
    this.#host.received(message, raw.topic, messageHash(raw.topic, message))
  }

  #streamTo (peer: PeerId): BatchedStream | undefined {
    return outboundStreams(this.#router).get(peer.toString())
  }

  async #untilPeersTakeMore (pubsubTopic: string): Promise<void> {
    for (const peer of this.#router.getSubscribers(pubsubTopic)) {
      const stream = this.#streamTo(peer)
      if (stream !== undefined && stream.numWaitingBytes > highWaterBytes) await this.#drained(stream, peer.toString())
    }
  }

  async #drained (stream: BatchedStream, peerId: string): Promise<void> {
    try {
      await stream.takesMore(highWaterBytes, stalledAfterMs)
    } catch {
      this.#host.dropPeer(peerId, 'too slow: it takes no messages')
    }
  }

  #updateHealth (): void {
    for (const topic of this.#router.getTopics()) {
      const health = topicHealthOf(this.peersInMesh(topic).length)
      if (health === this.#health.get(topic)) continue
      this.#health.set(topic, health)
      this.#events.topicHealth(topic, health)
    }
  }
}

function noPeers (pubsubTopic: string): WakuError {
  return new WakuError('WAKU_NO_PEERS', `no peer takes messages on ${pubsubTopic}`, { protocol: protocolIds.relay })
}

function isRouterError (error: unknown, message: string): boolean {
  return error instanceof Error && error.message === message
}
