import { Counter } from './counter.mjs'
import { publishMessages, numberOf } from './publish-messages.mjs'

/** Relay of one shard is what both sides are measured at. */
export const clusterId = 16
export const shardId = 32
export const pubsubTopic = `/waku/2/rs/${clusterId}/${shardId}`

/** The content topics that messages go to in turn. */
export const contentTopicOf = (topic) => `/nwaku-desktop/1/bench-${topic}/proto`

/**
 * Runs a peer program: starts a node, says so to the parent process, and does what that requests (`peer-protocol.ts`), until it goes.
 * Both programs share this, so that they differ in the node and in nothing else.
 *
 * @param open - starts a node listening on loopback and relaying `pubsubTopic`. It gives
 *   `addresses` (multiaddrs), `dial(address)`, `subscribe(listener)` with a listener of payloads, `publish(payload, contentTopic)`,
 *   `getMeshSize()`, `close()`, and with a store `queryPage(address, contentTopic, timeStart, limit)`, which gives payloads.
 */
export async function runPeer (open) {
  try {
    const node = await open(JSON.parse(process.argv[2] ?? '{}'))
    answer({ id: 0, result: { atNs: String(process.hrtime.bigint()), addresses: node.addresses } })
    const verbs = verbsOf(node)
    const end = () => { node.close().finally(() => process.exit()) }
    process.on('message', ({ id, verb, params }) => {
      if (verb === 'close') end()
      else verbs[verb](params).then((result = null) => answer({ id, result }), (error) => answer({ id, error: textOf(error) }))
    })
    // The parent process is gone.
    process.once('disconnect', end)
  } catch (error) {
    process.send({ id: 0, error: textOf(error) }, () => process.exit(1))
  }
}

function verbsOf (node) {
  const counter = new Counter()
  return {
    dial: async ({ address }) => { await node.dial(address) },
    subscribe: async () => { await node.subscribe((payload) => counter.add(payload)) },
    getMeshSize: async () => await node.getMeshSize(),
    publish: async (params) => await publishMessages(params, async (payload, topic) => await node.publish(payload, contentTopicOf(topic))),
    expect: async (params) => { counter.expect(params) },
    receive: async (params) => await counter.complete(params),
    getMemory: async () => {
      // The second pass takes what finalizers of the first let go.
      globalThis.gc()
      globalThis.gc()
      return process.memoryUsage.rss()
    },
    queryPage: async ({ address, topic, timeStart }) => {
      const startedAt = performance.now()
      const payloads = await node.queryPage(address, contentTopicOf(topic), BigInt(timeStart), 20)
      return { ms: performance.now() - startedAt, numbers: payloads.map(numberOf) }
    }
  }
}

function answer (message) {
  // The parent may be gone already, and then nobody is left to tell.
  if (process.connected) process.send(message, () => {})
}

function textOf (error) {
  return error instanceof Error ? `${error.stack}` : String(error)
}
