import { pubsubTopicOfShard, shardOfContentTopic, type NodeOptions } from 'nwaku-desktop'
import type { NetworkChoice } from '../../shared/ipc.js'

/** Nodes of The Waku Network that anybody may begin with; each keeps history. */
const publicPeers = [
  '/dns4/node-01.do-ams3.waku.sandbox.status.im/tcp/30303/p2p/16Uiu2HAmNaeL4p3WEYzC9mgXBmBWSgWjPHRvatZTXnp8Jgv3iKsb',
  '/dns4/node-01.gc-us-central1-a.waku.sandbox.status.im/tcp/30303/p2p/16Uiu2HAmRv1iQ3NoMMcjbtRmKxPuYBbF9nLYz2SDv9MTN8WhGuUU',
  '/dns4/node-01.ac-cn-hongkong-c.waku.sandbox.status.im/tcp/30303/p2p/16Uiu2HAmQYiojgZ8APsh9wqbWNyCstVhnp9gbeNrxSEQnLJchC92'
]

/** Up to so many shards a node relays all of its network; of more only those of its rooms. */
const maxShardsRelayed = 8

/** How content topics are spread. */
export interface Sharding {
  readonly clusterId: number
  readonly numShards: number
}

/** The local network is the one that the package's command line uses too, so that both can be in one room. */
export function shardingOf (network: NetworkChoice): Sharding {
  switch (network.kind) {
    case 'local': return { clusterId: 0, numShards: 8 }
    case 'public': return { clusterId: 1, numShards: 8 }
    case 'custom': return { clusterId: network.clusterId, numShards: network.numShards }
  }
}

/** The pubsub topic of a content topic. */
export function pubsubTopicOf ({ clusterId, numShards }: Sharding, contentTopic: string): string {
  return pubsubTopicOfShard(clusterId, shardOfContentTopic(contentTopic, numShards))
}

/**
 * What of a node's options follows from the network.
 *
 * @param hostAddresses - of the host of the local network.
 * @param contentTopics - of the rooms.
 */
export function networkOptions (network: NetworkChoice, hostAddresses: readonly string[], contentTopics: readonly string[]): NodeOptions {
  const { clusterId, numShards } = shardingOf(network)
  const peers = network.kind === 'custom' ? network.staticPeers : network.kind === 'public' ? publicPeers : hostAddresses
  const shards = [...new Set(contentTopics.map((topic) => shardOfContentTopic(topic, numShards)))]
  const isHere = network.kind === 'local' || (peers.length > 0 && peers.every((address) => /^\/ip4\/127\.|^\/ip6\/::1\//.test(address)))
  return {
    clusterId,
    numShardsInCluster: numShards,
    ...(numShards > maxShardsRelayed ? { shards } : {}),
    ...(isHere ? { host: '127.0.0.1' } : {}),
    staticPeers: peers,
    storePeers: peers
  }
}
