import { createNode } from 'nwaku-desktop'
import { measureGrowth } from './heap.mjs'

const node = await createNode({ backend: 'js', host: '127.0.0.1', clusterId: 16, shards: [32] })
await measureGrowth(Number(process.argv[2]), async () => {
  await node.start()
  await node.stop()
})
await node.close()
