// A node that prints its address; its parent then stops the process.
import { createNode } from 'nwaku-desktop'

const node = await createNode({ backend: 'js', host: '127.0.0.1', port: 0, clusterId: 16, shards: [32] })
await node.start()
console.log((await node.getListenAddresses())[0])
process.stdin.on('end', () => process.exit()).resume()
