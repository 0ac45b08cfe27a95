import { checkSignal, onAbort } from '../abort-listener.js'
import type { Backend, BackendListener, Capabilities } from '../backend.js'
import { checkEach, checkKeys, checkMessageHash, checkPeer, checkPeerAddress, checkPeerId, peerIdOf } from '../checks.js'
import type { NodeConfig } from '../config.js'
import { Lifespan, settledWithin, withDeadline, type Deadline, type WaitOptions } from '../deadline.js'
import { DropReporter } from './drop-reporter.js'
import { invalidArgument, WakuError } from '../errors.js'
import { EventEmitter, type NodeStatus, type WakuNodeEvents } from '../events.js'
import { Lifecycle } from './lifecycle.js'
import { messageHash, type MessageHash, type MessageInput, type PublishOptions, type ReceivedMessage } from '../message.js'
import { checkPubsubTopic, prepareMessage, pubsubTopicOfContentTopic } from '../outgoing.js'
import { topicHealthOf, type ConnectionStatus, type PeerInfo, type TopicHealth } from '../peers.js'
import { RecentSet } from '../recent-set.js'
import { maxPageSize, type StoredMessage, type StorePage, type StoreQuery, type StoreQueryOptions } from '../store.js'
import { fetchPatiently, prepareQuery, splitQuery, walkStore } from '../store-reader.js'
import { defaultMaxQueuedMessages, Subscription, type MessageListener, type SubscribeOptions, type TopicFilter } from './subscription.js'
import { TopicRegistry } from './topic-registry.js'
import { checkContentTopic, pubsubTopicOfShard } from '../topics.js'
import { ConnectionTracker } from './connection-tracker.js'

const defaultTimeoutMs = 10_000
const startTimeoutMs = 60_000

/** How long a stop waits for messages that are being handed to the network, in milliseconds. */
const publishGraceMs = 2000

/** As long as gossipsub remembers message ids. */
const duplicateWindowMs = 120_000
const maxRememberedMessages = 100_000

/**
 * A Waku node. Made by `createNode`; the same for every backend.
 *
 * @example
 * ```ts
 * const node = await createNode({ clusterId: 16, shards: [32] })
 * await node.start()
 * await node.subscribe({ pubsubTopic: '/waku/2/rs/16/32' }, ({ message }) => console.log(message.contentTopic))
 * ```
 */
export class WakuNode extends EventEmitter<WakuNodeEvents> implements AsyncDisposable {
  /** Which implementation runs this node. */
  readonly backend: Backend['name']
  /** The node's identity: a base58 peer id. */
  readonly peerId: string
  /** What this node can do; never changes. */
  readonly supports: Readonly<Capabilities>
  /**
   * Why a node that was asked for with `backend: 'auto'` runs on the JS backend: `WAKU_UNAVAILABLE` with everything that was
   * tried to load libwaku, or `WAKU_NOT_SUPPORTED` for an option that libwaku cannot do. Absent otherwise.
   */
  readonly fallback: WakuError | undefined

  readonly #config: NodeConfig
  readonly #backend: Backend
  readonly #lifecycle: Lifecycle
  readonly #topics: TopicRegistry
  readonly #connections: ConnectionTracker
  readonly #drops: DropReporter
  readonly #seen = new RecentSet(duplicateWindowMs, maxRememberedMessages)
  readonly #subscriptions = new Map<string, Set<Subscription>>()
  readonly #closing = new Lifespan()

  /** @internal */
  constructor (config: NodeConfig, peerId: string, makeBackend: (events: BackendListener) => Backend, fallback?: WakuError) {
    super()
    this.#config = config
    this.peerId = peerId
    this.fallback = fallback
    this.#topics = new TopicRegistry(config.relay ? config.shards.map((shardId) => pubsubTopicOfShard(config.clusterId, shardId)) : [])
    this.#connections = new ConnectionTracker((status) => this.emit('connection:status', { status }))
    this.#drops = new DropReporter((source, count) => this.emit('events:dropped', { source, count }))
    this.#backend = makeBackend(this.#backendEvents())
    this.backend = this.#backend.name
    this.supports = Object.freeze({ ...this.#backend.supports })
    this.#lifecycle = new Lifecycle({
      start: async (signal) => await this.#start(signal),
      stop: async () => await this.#stop(),
      close: async () => await this.#close(),
      changed: (status, previous) => this.emit('status', { status, previous })
    })
  }

  /** Where the node is in its life. */
  get status (): NodeStatus {
    return this.#lifecycle.status
  }

  /** The id of the process that the backend runs in; undefined when that is this process, or while there is none. */
  get pid (): number | undefined {
    return this.#backend.pid
  }

  /**
   * Starts listening, joins the configured shards and connects to the configured peers, the latter in the background.
   * Does nothing on a started node.
   *
   * @param options.timeoutMs - 60 000 by default.
   * @throws {WakuError} `WAKU_LISTEN_FAILED`, `WAKU_ARCHIVE_FAILED`, `WAKU_CLOSED`, `WAKU_TIMEOUT`, `WAKU_ABORTED`. The node can then be started again.
   */
  async start (options: WaitOptions = {}): Promise<void> {
    checkKeys('options', options, ['signal', 'timeoutMs'])
    this.#lifecycle.requireOpen()
    // A node that is closed while it starts gives up starting.
    await withDeadline('start', options, startTimeoutMs, this.#closing, async ({ signal }) => await this.#lifecycle.start(signal))
  }

  /** Leaves the network; subscriptions stay and go on after the next start. What still waits rejects with `WAKU_NOT_STARTED`. */
  async stop (): Promise<void> {
    await this.#lifecycle.stop()
  }

  /** Stops and releases everything, for good. Subscriptions end; what still waits rejects with `WAKU_CLOSED`. Idempotent. */
  async close (): Promise<void> {
    this.#closing.end(new WakuError('WAKU_CLOSED', 'the node is closing', { status: 'closing' }))
    await this.#lifecycle.close()
  }

  /** @inheritDoc close */
  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }

  /**
   * Publishes a message and resolves once the node has handed it to at least one peer; that is not delivery. Waits while the
   * peers cannot take more. A message that is equal to the byte to one of the last two minutes is not sent again.
   *
   * @param message - `timestamp` defaults to now; on a protected shard with a signing key, `meta` is filled in.
   * @param options.timeoutMs - 10 000 by default, counted, for a message that waits for its turn, from when the last one went.
   * @returns the message hash.
   * @throws {WakuError} `WAKU_INVALID_ARGUMENT`, `WAKU_NO_PEERS`, `WAKU_NOT_SUPPORTED`, `WAKU_NOT_STARTED`, `WAKU_CLOSED`, `WAKU_TIMEOUT`, `WAKU_ABORTED`.
   */
  publish (message: MessageInput, options: PublishOptions = {}): Promise<MessageHash> {
    // Not async, and no promise that is not needed: each costs every message.
    try {
      this.#require('relay')
      checkKeys('options', options, ['pubsubTopic', 'signal', 'timeoutMs'])
      const outgoing = prepareMessage(this.#config, message, options.pubsubTopic)
      if (outgoing.message.proof.byteLength > 0) this.#requireCapability('proofs')
      const hash = messageHash(outgoing.pubsubTopic, outgoing.message)
      return withDeadline('publish', options, defaultTimeoutMs, this.#lifecycle.publishing, (deadline) => this.#backend.publish(outgoing.message, outgoing.pubsubTopic, hash, deadline))
    } catch (error) {
      return Promise.reject(error) // eslint-disable-line @typescript-eslint/prefer-promise-reject-errors -- passed on as it is
    }
  }

  /**
   * Subscribes to messages and resolves once the node has joined their pubsub topics. Before the start, and over a stop,
   * the subscription is kept and joins when the node starts.
   *
   * @param listener - called with each message; without it, iterate over the subscription.
   * @throws {WakuError} `WAKU_INVALID_ARGUMENT`, `WAKU_NOT_SUPPORTED`, `WAKU_CLOSED`.
   */
  async subscribe (filter: TopicFilter, listener?: MessageListener, options: SubscribeOptions = {}): Promise<Subscription> {
    this.#lifecycle.requireOpen()
    this.#requireCapability('relay')
    const { pubsubTopics, contentTopics } = this.#resolveFilter(filter)
    if (listener !== undefined && typeof listener !== 'function') throw invalidArgument('listener', 'must be a function')
    checkKeys('options', options, ['maxQueuedMessages', 'signal'])
    const { maxQueuedMessages = defaultMaxQueuedMessages, signal } = options
    if (!Number.isInteger(maxQueuedMessages) || maxQueuedMessages < 1) throw invalidArgument('options.maxQueuedMessages', 'must be a whole number above 0')
    checkSignal('options.signal', signal)
    if (signal?.aborted === true) throw new WakuError('WAKU_ABORTED', 'subscribe was aborted', { operation: 'subscribe' }, { cause: signal.reason })

    const subscription = new Subscription(pubsubTopics, contentTopics, listener, maxQueuedMessages, {
      ended: async (ended) => {
        forgetSignal()
        await this.#removeSubscription(ended)
      },
      dropped: (count) => this.#drops.add('subscription', count),
      listenerFailed: (error) => this.reportListenerError(error, 'message')
    })
    for (const topic of pubsubTopics) {
      const others = this.#subscriptions.get(topic)
      if (others === undefined) this.#subscriptions.set(topic, new Set([subscription]))
      else others.add(subscription)
    }
    const forgetSignal = onAbort(signal, () => { subscription.unsubscribe().catch((error: unknown) => this.reportListenerError(error, 'unsubscribe')) })
    try {
      await Promise.all(pubsubTopics.map(async (topic) => await this.#topics.acquire(topic)))
    } catch (error) {
      await subscription.unsubscribe()
      throw error
    }
    return subscription
  }

  /** The pubsub topics this node takes part in, or will once it is started. */
  getPubsubTopics (): readonly string[] {
    return this.#topics.wanted
  }

  /**
   * Asks a store for one page of history.
   *
   * @param options.timeoutMs - 10 000 by default. A store that answers 429 is asked again, more and more slowly, within this time.
   * @throws {WakuError} `WAKU_INVALID_ARGUMENT`, `WAKU_NO_PEERS`, `WAKU_PEER_UNREACHABLE`, `WAKU_STORE_FAILED`, `WAKU_MALFORMED_REPLY`, `WAKU_NOT_SUPPORTED`, `WAKU_NOT_STARTED`, `WAKU_CLOSED`, `WAKU_TIMEOUT`, `WAKU_ABORTED`.
   */
  async queryStore (query: StoreQuery = {}, options: StoreQueryOptions = {}): Promise<StorePage> {
    this.#require('storeClient')
    const checked = this.#checkStoreOptions(options)
    return await this.#fetchPage(prepareQuery(this.#config, query), checked)
  }

  /**
   * Asks a store for everything that matches, page by page as the iteration goes on, oldest first, or newest first with
   * `paginationForward: false`. Takes any number of content topics and hashes; without data, the order is only kept within ten topics
   * of one shard or a hundred hashes.
   *
   * @param options.timeoutMs - for each page.
   * @throws {WakuError} as {@link queryStore}, when the iteration gets there.
   */
  async * queryStoreAll (query: StoreQuery = {}, options: StoreQueryOptions = {}): AsyncGenerator<StoredMessage, void, undefined> {
    this.#require('storeClient')
    const checked = this.#checkStoreOptions(options)
    yield * walkStore(splitQuery(this.#config, query), async (part) => await this.#fetchPage(part, checked))
  }

  /**
   * Asks a store which messages it has.
   *
   * @returns for each hash whether the store has it.
   * @throws {WakuError} as {@link queryStore}.
   */
  async queryPresence (messageHashes: readonly MessageHash[], options: StoreQueryOptions = {}): Promise<ReadonlyMap<MessageHash, boolean>> {
    this.#require('storeClient')
    const checked = this.#checkStoreOptions(options)
    const presence = new Map(checkEach('messageHashes', messageHashes, checkMessageHash).map((hash) => [hash, false]))
    if (presence.size === 0) return presence
    const query = { messageHashes: [...presence.keys()], includeData: false, paginationLimit: maxPageSize }
    for await (const { messageHash: found } of walkStore(splitQuery(this.#config, query), async (part) => await this.#fetchPage(part, checked))) {
      if (presence.has(found)) presence.set(found, true)
    }
    return presence
  }

  /**
   * Connects to a peer and resolves once the peer has told which protocols it speaks.
   *
   * @param address - a multiaddr that ends in `/p2p/{peerId}`.
   * @param options.timeoutMs - 10 000 by default.
   * @returns the peer id.
   * @throws {WakuError} `WAKU_INVALID_ARGUMENT`, `WAKU_PEER_UNREACHABLE`, `WAKU_NOT_STARTED`, `WAKU_CLOSED`, `WAKU_TIMEOUT`, `WAKU_ABORTED`.
   */
  async dial (address: string, options: WaitOptions = {}): Promise<string> {
    this.#lifecycle.requireStarted()
    checkKeys('options', options, ['signal', 'timeoutMs'])
    const checked = this.#checkRemote('address', checkPeerAddress('address', address))
    await this.#run('dial', options, async ({ signal }) => await this.#backend.dial(checked, signal))
    return peerIdOf(checked)
  }

  /** Closes the connections to a peer, if there are any. @throws {WakuError} `WAKU_INVALID_ARGUMENT`, `WAKU_NOT_STARTED`, `WAKU_CLOSED`. */
  async disconnect (peerId: string): Promise<void> {
    this.#lifecycle.requireStarted()
    const checked = checkPeerId('peerId', peerId)
    await this.#run('disconnect', {}, async () => await this.#backend.disconnect(checked))
  }

  /**
   * Measures the round trip to a peer.
   *
   * @param peer - a peer id, or a multiaddr with `/p2p/{peerId}`.
   * @returns milliseconds.
   * @throws {WakuError} `WAKU_INVALID_ARGUMENT`, `WAKU_PEER_UNREACHABLE`, `WAKU_NOT_STARTED`, `WAKU_CLOSED`, `WAKU_TIMEOUT`, `WAKU_ABORTED`.
   */
  async ping (peer: string, options: WaitOptions = {}): Promise<number> {
    this.#lifecycle.requireStarted()
    checkKeys('options', options, ['signal', 'timeoutMs'])
    const checked = this.#checkRemote('peer', checkPeer('peer', peer))
    return await this.#run('ping', options, async ({ signal }) => await this.#backend.ping(checked, signal))
  }

  /** Lists the peers this node knows, connected ones first. */
  async getPeers (): Promise<readonly PeerInfo[]> {
    return await this.#read('getPeers', async () => await this.#backend.getPeers())
  }

  /** Lists the peers with which full messages of a pubsub topic are exchanged, as base58 peer ids. */
  async getPeersInMesh (pubsubTopic: string): Promise<readonly string[]> {
    this.#require('relay')
    checkPubsubTopic(this.#config, pubsubTopic)
    return await this.#read('getPeersInMesh', async () => await this.#backend.getPeersInMesh(pubsubTopic))
  }

  /** Tells how well connected the mesh of a pubsub topic is. */
  async getTopicHealth (pubsubTopic: string): Promise<TopicHealth> {
    return topicHealthOf((await this.getPeersInMesh(pubsubTopic)).length)
  }

  /** Tells how well connected the node is as a whole. */
  getConnectionStatus (): ConnectionStatus {
    return this.#connections.status
  }

  /** Tells the version of the implementation behind this node. */
  async getVersion (): Promise<string> {
    return await this.#read('getVersion', async () => await this.#backend.getVersion())
  }

  /** Lists the multiaddrs, each with `/p2p/{peerId}`, at which peers reach this node. */
  async getListenAddresses (): Promise<readonly string[]> {
    return await this.#read('getListenAddresses', async () => await this.#backend.getListenAddresses())
  }

  /** Returns the node's record in text form, `enr:…`. */
  async getEnr (): Promise<string> {
    return await this.#read('getEnr', async () => await this.#backend.getEnr())
  }

  /** Returns the node's metrics in Prometheus text format. */
  async getMetrics (): Promise<string> {
    return await this.#read('getMetrics', async () => await this.#backend.getMetrics())
  }

  async #start (signal: AbortSignal): Promise<void> {
    const topics = this.#topics.wanted
    try {
      await this.#backend.start(topics, signal)
      signal.throwIfAborted()
      await this.#topics.attach(this.#backend, topics)
    } catch (error) {
      this.#topics.detach()
      await this.#backend.stop()
      throw error
    }
  }

  async #stop (): Promise<void> {
    await settledWithin([this.#lifecycle.publishing.idle()], publishGraceMs)
    this.#lifecycle.endRunning()
    this.#topics.detach()
    await this.#backend.stop()
    this.#connections.reset()
  }

  async #close (): Promise<void> {
    await Promise.all([...this.#subscriptions.values()].flatMap((set) => [...set]).map(async (subscription) => await subscription.unsubscribe()))
    await this.#backend.close()
    this.#drops.flush()
  }

  /** Emits as long as the node is not closed: a backend is to be silent then, but what is in flight may not know yet. @internal */
  protected override emit<K extends keyof WakuNodeEvents> (event: K, payload: WakuNodeEvents[K]): void {
    if (this.status !== 'closed' || event === 'status' || event === 'listener:error') super.emit(event, payload)
  }

  #backendEvents (): BackendListener {
    return {
      message: (received) => this.#receive(received),
      hasSeen: (messageHash) => this.#seen.has(messageHash),
      isHeard: (pubsubTopic) => this.#subscriptions.has(pubsubTopic) || this.hasListeners('message'),
      peerConnected: (peerId, address) => {
        this.#connections.connected(peerId)
        this.emit('peer:connect', { peerId, address })
      },
      peerDisconnected: (peerId, reason) => {
        this.#connections.disconnected(peerId)
        this.emit('peer:disconnect', { peerId, reason })
      },
      topicHealth: (pubsubTopic, health) => {
        this.#connections.health(pubsubTopic, health)
        this.emit('topic:health', { pubsubTopic, health })
      },
      dropped: (source, count) => this.#drops.add(source, count),
      unresponsive: (unresponsive) => this.emit('node:unresponsive', { unresponsive }),
      archiveFailed: (error) => this.emit('archive:error', { error }),
      exited: (exit) => this.emit('backend:exit', exit),
      restarted: (restart) => this.emit('backend:restart', restart)
    }
  }

  #receive (received: ReceivedMessage): void {
    // A backend that cannot leave a topic goes on receiving.
    if (!this.#topics.isWanted(received.pubsubTopic)) return
    // By Waku hash: two encoders give one message two gossipsub ids.
    if (!this.#seen.add(received.messageHash)) return
    this.emit('message', received)
    for (const subscription of this.#subscriptions.get(received.pubsubTopic) ?? []) subscription.deliver(received)
  }

  #resolveFilter (filter: TopicFilter): { pubsubTopics: string[], contentTopics: readonly string[] | undefined } {
    checkKeys('filter', filter, ['contentTopics', 'pubsubTopic'])
    const { contentTopics, pubsubTopic } = filter
    if (contentTopics !== undefined) checkEach('filter.contentTopics', contentTopics, checkContentTopic)
    if (contentTopics?.length === 0) throw invalidArgument('filter.contentTopics', 'must have at least one content topic')
    if (pubsubTopic !== undefined) return { pubsubTopics: [checkPubsubTopic(this.#config, pubsubTopic)], contentTopics }
    if (contentTopics === undefined) throw invalidArgument('filter', 'must have contentTopics, a pubsubTopic, or both')
    return { pubsubTopics: [...new Set(contentTopics.map((topic) => pubsubTopicOfContentTopic(this.#config, topic)))], contentTopics }
  }

  async #removeSubscription (subscription: Subscription): Promise<void> {
    for (const topic of subscription.pubsubTopics) {
      const others = this.#subscriptions.get(topic)
      others?.delete(subscription)
      if (others?.size === 0) this.#subscriptions.delete(topic)
    }
    await Promise.all(subscription.pubsubTopics.map(async (topic) => await this.#topics.release(topic)))
    const wanted = this.#topics.wanted
    for (const topic of subscription.pubsubTopics) if (!wanted.includes(topic)) this.#connections.left(topic)
  }

  async #fetchPage (query: StoreQuery, { peer, ...wait }: StoreQueryOptions): Promise<StorePage> {
    return await this.#run('queryStore', wait, async ({ signal }) =>
      await fetchPatiently(async () => await this.#backend.queryStore(query, peer, signal), signal))
  }

  #checkStoreOptions (options: StoreQueryOptions): StoreQueryOptions {
    checkKeys('options', options, ['peer', 'signal', 'timeoutMs'])
    if (options.peer === undefined) return options
    const peer = checkPeer('options.peer', options.peer)
    if (peerIdOf(peer) === this.peerId) this.#requireCapability('ownStore')
    return { ...options, peer }
  }

  #checkRemote (argument: string, peer: string): string {
    if (peerIdOf(peer) === this.peerId) throw invalidArgument(argument, 'is this node itself')
    return peer
  }

  #require (capability: keyof Capabilities): void {
    this.#lifecycle.requireStarted()
    this.#requireCapability(capability)
  }

  #requireCapability (capability: keyof Capabilities): void {
    if (!this.supports[capability]) {
      throw new WakuError('WAKU_NOT_SUPPORTED', `this node does not support ${capability}, with backend ${this.backend} and these options`, { capability })
    }
  }

  async #read<T> (operation: string, run: () => Promise<T>): Promise<T> {
    this.#lifecycle.requireStarted()
    return await this.#run(operation, {}, run)
  }

  #run<T> (operation: string, options: WaitOptions, run: (deadline: Deadline) => Promise<T>): Promise<T> {
    return withDeadline(operation, options, defaultTimeoutMs, this.#lifecycle.running, run)
  }
}
