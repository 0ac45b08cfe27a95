// The relay that npm has, set up the way its authors do, on TCP instead of WebSocket.
import './polyfill.mjs'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createDecoder, createEncoder } from '@waku/core'
import { createRelayNode } from '@waku/sdk/relay'
import { clusterId, contentTopicOf, pubsubTopic, runPeer, shardId } from '../harness/run-peer.mjs'

await runPeer(async () => {
  const node = await createRelayNode({
    networkConfig: { clusterId, shards: [shardId] },
    libp2p: { addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] }, transports: [tcp()], hideWebSocketInfo: true }
  })
  await node.start()
  const encoders = new Map()
  const encoderOf = (contentTopic) => {
    if (!encoders.has(contentTopic)) encoders.set(contentTopic, createEncoder({ contentTopic, pubsubTopicShardInfo: { clusterId, shard: shardId } }))
    return encoders.get(contentTopic)
  }
  return {
    addresses: node.libp2p.getMultiaddrs().map(String),
    dial: async (address) => { await node.libp2p.dial(multiaddr(address)) },
    subscribe: async (listener) => {
      const decoder = createDecoder(contentTopicOf(0), { clusterId, shard: shardId })
      await node.relay.subscribe([decoder], ({ payload }) => { listener(payload) })
    },
    publish: async (payload, contentTopic) => {
      const { failures: [failure], successes } = await node.relay.send(encoderOf(contentTopic), { payload })
      if (failure !== undefined || successes.length === 0) throw new Error(`not sent to any peer: ${failure?.error}`)
    },
    getMeshSize: async () => node.relay.getMeshPeers(pubsubTopic).length,
    queryPage: async () => { throw new Error('the baseline keeps no messages') },
    close: async () => { await node.stop() }
  }
})
