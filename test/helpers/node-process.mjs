// A node in a process of its own, run by the tests: argv[2] are its options in JSON, requests come as messages.
import { setImmediate } from 'node:timers/promises'
import { createNode } from 'nwaku-desktop'

/** How often memory is collected at most before it is told. */
const maxPasses = 20

const node = await createNode(JSON.parse(process.argv[2]))
await node.start()
let numReceived = 0
let numBytes = 0
node.on('message', ({ message }) => {
  numReceived++
  numBytes += message.payload.byteLength
})

const answers = {
  addresses: async () => await node.getListenAddresses(),
  /** Megabytes in use after a garbage collection: JavaScript's heap and buffers outside it. */
  memory: async () => await settledMemory(),
  received: async () => ({ numReceived, numBytes }),
  peers: async () => (await node.getPeers()).filter(({ state }) => state === 'Connected').map(({ peerId }) => peerId),
  mesh: async ({ pubsubTopic }) => await node.getPeersInMesh(pubsubTopic),
  /** Publishes `count` messages at once. Answers how many were accepted. */
  publish: async ({ count, size, pubsubTopic, contentTopic }) => {
    const results = await Promise.allSettled(Array.from({ length: count }, async (_, index) => {
      const payload = new Uint8Array(size)
      new DataView(payload.buffer).setUint32(0, index)
      await node.publish({ contentTopic, payload }, { pubsubTopic, timeoutMs: 60_000 })
    }))
    return results.filter(({ status }) => status === 'fulfilled').length
  },
  close: async () => {
    await node.close()
    process.disconnect()
  }
}

/** One collection is not enough: buffers go in the background after it, and only then what they and finalizers held. */
async function settledMemory () {
  let last = Infinity
  for (let pass = 0; pass < maxPasses; pass++) {
    globalThis.gc()
    await setImmediate()
    const { heapUsed, external } = process.memoryUsage()
    const now = (heapUsed + external) / 2 ** 20
    if (last - now < 0.5) return Math.min(last, now)
    last = now
  }
  return last
}

process.on('message', async ({ seq, name, input }) => {
  const answer = await answers[name](input)
  if (process.connected) process.send({ seq, answer })
})
process.send({ seq: 0, answer: node.peerId })
