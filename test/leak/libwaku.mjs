// Makes and closes nodes of libwaku, four at once, and prints what is left after each round: libwaku.mjs LIBRARY NODES
import { readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { createNode } from 'nwaku-desktop'

const nodesPerRound = 4

const destroyTimeoutMs = 60_000

const [libraryPath, numNodes] = process.argv.slice(2)
const numThreads = () => readdirSync('/proc/self/task').length

let threadsKept = 0

async function cycle () {
  const node = await createNode({ backend: 'libwaku', libraryPath, isolation: 'in-process', host: '127.0.0.1', clusterId: 16, shards: [32], store: {} })
  await node.start()
  await node.subscribe({ pubsubTopic: '/waku/2/rs/16/32' }, () => {})
  await node.getPeers()
  await node.stop()
  await node.close()
  // The bridge keeps at most two for each node and uses them again; liblogosdelivery, one for the bridge and two of its own.
  threadsKept = (node.supports.reliability ? 2 : 3) * nodesPerRound
}

/** The library destroys a node in the background, for some ten seconds, and then its threads are gone. */
async function untilDestroyed (threadsBefore) {
  for (const end = performance.now() + destroyTimeoutMs; numThreads() > threadsBefore + threadsKept;) {
    if (performance.now() > end) throw new Error(`${numThreads()} threads are left of ${threadsBefore}`)
    await delay(50)
  }
}

const threads = numThreads()
const [descriptors, residentBytes] = [[], []]
for (let made = 0; made < Number(numNodes); made += nodesPerRound) {
  await Promise.all(Array.from({ length: nodesPerRound }, cycle))
  await untilDestroyed(threads)
  globalThis.gc()
  descriptors.push(readdirSync('/proc/self/fd').length)
  residentBytes.push(process.memoryUsage.rss())
}
console.log(JSON.stringify({ descriptors, residentBytes }))
process.exit()
