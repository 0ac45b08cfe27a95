// Starts and stops one node again and again, and prints the memory in use along the way; run with --expose-gc.
import { createNode } from 'nwaku-desktop'

const numCycles = Number(process.argv[2])
const node = await createNode({ backend: 'js', host: '127.0.0.1', clusterId: 16, shards: [32] })
const heaps = []
for (let cycle = 1; cycle <= numCycles; cycle++) {
  await node.start()
  await node.stop()
  if (cycle % (numCycles / 10) === 0) heaps.push(await heapInUse())
}
await node.close()
console.log(JSON.stringify({ heaps }))

// What is let go of in callbacks that are due.
async function heapInUse () {
  await new Promise((resolve) => { setTimeout(resolve, 20) })
  globalThis.gc()
  await new Promise((resolve) => { setImmediate(resolve) })
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
