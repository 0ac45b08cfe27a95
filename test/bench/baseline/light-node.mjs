// A light node of js-waku as published: argv[2] is the WebSocket address of a node, argv[3] a content topic, argv[4] and [5] cluster
// and shard. Prints what its store query found and whether the node is still there, as one line of JSON.
import './polyfill.mjs'
import { multiaddr } from '@multiformats/multiaddr'
import { createDecoder } from '@waku/core'
import { createLightNode, Protocols, waitForRemotePeer } from '@waku/sdk'

const [,, address, contentTopic, clusterId, shard] = process.argv
const node = await createLightNode({
  networkConfig: { clusterId: Number(clusterId), shards: [Number(shard)] },
  defaultBootstrap: false,
  libp2p: { filterMultiaddrs: false, hideWebSocketInfo: true }
})
await node.start()
await node.dial(multiaddr(address), [Protocols.Store])
await waitForRemotePeer(node, [Protocols.Store], 10_000)
const [{ remotePeer: peerId }] = node.libp2p.getConnections()
const texts = []
for await (const page of node.store.queryGenerator([createDecoder(contentTopic, { clusterId: Number(clusterId), shard: Number(shard) })])) {
  for (const message of await Promise.all(page)) texts.push(new TextDecoder().decode(message.payload))
}
const metadata = await node.libp2p.services.metadata.query(peerId)
console.log(JSON.stringify({ texts, shardInfo: metadata.shardInfo, isConnected: node.libp2p.getConnections(peerId).length > 0 }))
process.exit(0)
