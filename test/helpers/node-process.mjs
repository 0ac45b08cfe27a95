// A node in a process of its own, run by the tests: argv[2] are its options in JSON, requests come as messages.
import { createNode } from 'nwaku-desktop'

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
  memory: async () => {
    globalThis.gc()
    const { heapUsed, external } = process.memoryUsage()
    return (heapUsed + external) / 2 ** 20
  },
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

process.on('message', async ({ seq, name, input }) => {
  const answer = await answers[name](input)
  if (process.connected) process.send({ seq, answer })
})
process.send({ seq: 0, answer: node.peerId })
