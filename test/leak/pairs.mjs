import { createNode } from 'nwaku-desktop'
import { measureGrowth } from './heap.mjs'

const start = async (options = {}) => {
  const node = await createNode({ backend: 'js', host: '127.0.0.1', clusterId: 16, shards: [32], ...options })
  await node.start()
  return node
}

await measureGrowth(Number(process.argv[2]), async () => {
  const [node, other] = await Promise.all([start(), start({ store: {} })])
  await node.dial((await other.getListenAddresses())[0])
  await node.subscribe({ pubsubTopic: '/waku/2/rs/16/32' }, () => {})
  await node.queryStore()
  await Promise.all([node.close(), other.close()])
})
