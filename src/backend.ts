import type { Deadline } from './deadline.js'
import type { WakuError } from './errors.js'
import type { BackendExit, BackendRestart, DropSource } from './events.js'
import type { MessageHash, ReceivedMessage, WakuMessage } from './message.js'
import type { PeerInfo, TopicHealth } from './peers.js'
import type { StorePage, StoreQuery } from './store.js'

/** What a backend can do in this configuration. Fixed when the node is made; a call that needs what is false rejects with `WAKU_NOT_SUPPORTED`. */
export interface Capabilities {
  /** Publishing and subscribing over gossipsub. */
  readonly relay: boolean
  /** Leaving a pubsub topic again. */
  readonly unsubscribe: boolean
  /** Publishing messages with a proof; receiving them always works. */
  readonly proofs: boolean
  /** Refusing unsigned messages on protected shards. */
  readonly protectedShards: boolean
  /** Asking stores. */
  readonly storeClient: boolean
  /** Keeping messages and serving them to others. */
  readonly storeService: boolean
  /** Asking the node's own store by its own peer id. */
  readonly ownStore: boolean
  /** Listening on WebSocket. */
  readonly webSocket: boolean
  /** Listening on a free port, told afterwards. */
  readonly ephemeralPort: boolean
  /** Starting again after a stop. */
  readonly restart: boolean
  /** Telling of peers who connected, their software and shards, and why one was dropped; and dropping relays on no common shard. */
  readonly peerDetails: boolean
  /** Metrics of this node alone; else they are of all nodes of the process together. */
  readonly ownMetrics: boolean
  /** Checking with a store what was published and missed (`reliability`). */
  readonly reliability: boolean
}

/**
 * Private API for implementors: a node without its checks. `WakuNode` owns one, has checked arguments and status,
 * has applied defaults, and calls one lifecycle method at a time. `signal` carries the deadline, the caller's signal
 * and the node's own end, as does a deadline; a backend stops work when it fires and may then reject with anything.
 */
export interface Backend {
  readonly name: 'js' | 'libwaku'
  readonly supports: Readonly<Capabilities>
  /** With a process of its own, for the backend or for its library: the id of that process, undefined while there is none. */
  readonly pid?: number | undefined

  /**
   * Listens, joins the pubsub topics, and only then connects to the configured peers, in the background: nwaku drops a relay
   * peer that shares no shard with it.
   */
  start (pubsubTopics: readonly string[], signal: AbortSignal): Promise<void>
  /** Leaves the network. May be followed by another start when `supports.restart`. */
  stop (): Promise<void>
  /** Releases everything; idempotent, also without a stop. No event is emitted afterwards. */
  close (): Promise<void>

  /**
   * Hands a message to the network; waits while the node or its peers cannot take more. The message's bytes are the caller's,
   * who may change them as soon as this has returned its promise. Resolves with the hash.
   */
  publish (message: WakuMessage, pubsubTopic: string, messageHash: MessageHash, deadline: Deadline): Promise<MessageHash>
  /** Joins a further pubsub topic. */
  subscribe (pubsubTopic: string): Promise<void>
  unsubscribe (pubsubTopic: string): Promise<void>

  /** Asks a store: a peer id, a multiaddr, or undefined for the backend's choice. */
  queryStore (query: StoreQuery, peer: string | undefined, signal: AbortSignal): Promise<StorePage>

  dial (address: string, signal: AbortSignal): Promise<void>
  disconnect (peerId: string): Promise<void>
  /** Measures a round trip in milliseconds. */
  ping (peer: string, signal: AbortSignal): Promise<number>
  getPeers (): Promise<readonly PeerInfo[]>
  /** Base58 peer ids. */
  getPeersInMesh (pubsubTopic: string): Promise<readonly string[]>

  getVersion (): Promise<string>
  /** Multiaddrs with `/p2p/{peerId}`. */
  getListenAddresses (): Promise<readonly string[]>
  getEnr (): Promise<string>
  /** Prometheus text. */
  getMetrics (): Promise<string>
}

/** Where a backend reports what happens by itself. */
export interface BackendEvents {
  /** A message on a subscribed topic, the node's own included; it may come more than once. */
  message (received: ReceivedMessage): void
  peerConnected (peerId: string, address?: string): void
  peerDisconnected (peerId: string, reason?: string): void
  topicHealth (pubsubTopic: string, health: TopicHealth): void
  dropped (source: DropSource, count: number): void
  unresponsive (unresponsive: boolean): void
  archiveFailed (error: WakuError): void
  /** Only a backend that runs in a process of its own has these two to tell. */
  exited (exit: BackendExit): void
  restarted (restart: BackendRestart): void
}

/** Who hears of what a backend reports. */
export interface BackendListener extends BackendEvents {
  /** Tells whether anybody hears the messages of a pubsub topic: those that nobody hears need not be told. Without it, all are heard. */
  isHeard? (pubsubTopic: string): boolean
  /** Tells whether it took a message in lately, which it need not be told again. Without it, all are told. */
  hasSeen? (messageHash: MessageHash): boolean
}
