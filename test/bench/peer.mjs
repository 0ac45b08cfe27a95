// This package as an application has it. All that the benchmarks know of its interface is here.
import { createNode } from 'nwaku-desktop'
import { clusterId, pubsubTopic, runPeer, shardId } from './harness/run-peer.mjs'

await runPeer(async ({ storeUrl }) => {
  const node = await createNode({
    backend: 'js',
    host: '127.0.0.1',
    port: 0,
    clusterId,
    shards: [shardId],
    ...(storeUrl === undefined ? {} : { store: { url: storeUrl }, rateLimits: { store: 'none' } })
  })
  await node.start()
  return {
    addresses: await node.getListenAddresses(),
    dial: async (address) => { await node.dial(address) },
    subscribe: async (listener) => { await node.subscribe({ pubsubTopic }, ({ message }) => { listener(message.payload) }) },
    publish: async (payload, contentTopic) => { await node.publish({ payload, contentTopic }, { pubsubTopic }) },
    getMeshSize: async () => (await node.getPeersInMesh(pubsubTopic)).length,
    queryPage: async (peer, contentTopic, timeStart, paginationLimit) => {
      const page = await node.queryStore({ pubsubTopic, contentTopics: [contentTopic], timeStart, paginationLimit }, { peer })
      return page.messages.map(({ message }) => message.payload)
    },
    close: async () => { await node.close() }
  }
})
