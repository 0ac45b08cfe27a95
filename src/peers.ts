/** What a node knows of its relation to a peer (LIP 27). */
export type PeerState = 'NotConnected' | 'CannotConnect' | 'CanConnect' | 'Connected'

/** A peer this node knows, connected or not. */
export interface PeerInfo {
  /** Base58 peer id, as in `16Uiu2HAm…`. */
  readonly peerId: string
  /** Multiaddrs without the trailing `/p2p/{peerId}`. For a connected peer the one in use comes first. */
  readonly addresses: readonly string[]
  /** libp2p protocol ids the peer announced; empty before it was identified. */
  readonly protocols: readonly string[]
  readonly state: PeerState
  /** Who opened the connection; absent while there is none. */
  readonly direction?: 'inbound' | 'outbound' | undefined
  /** The peer's software, as it announced itself. */
  readonly agent?: string | undefined
  /** Shards of this node's cluster that the peer serves, by its metadata; absent when the backend does not learn them. */
  readonly shards?: readonly number[] | undefined
}

/** How well connected the mesh of a pubsub topic is: no peer, 1 to 3, or at least 4 (gossipsub's Dlow). */
export type TopicHealth = 'Unhealthy' | 'MinimallyHealthy' | 'SufficientlyHealthy'

/** Derives the health of a topic from the number of peers in its mesh. @internal */
export function topicHealthOf (numPeersInMesh: number): TopicHealth {
  if (numPeersInMesh === 0) return 'Unhealthy'
  return numPeersInMesh < 4 ? 'MinimallyHealthy' : 'SufficientlyHealthy'
}

/** `Disconnected` without a peer, `Connected` with every subscribed topic sufficiently healthy, else between the two. */
export type ConnectionStatus = 'Disconnected' | 'PartiallyConnected' | 'Connected'

/** libp2p protocol ids of the protocols a node may speak. */
export const protocolIds = {
  relay: '/vac/waku/relay/2.0.0',
  store: '/vac/waku/store-query/3.0.0',
  metadata: '/vac/waku/metadata/1.0.0',
  ping: '/ipfs/ping/1.0.0'
} as const
