import type { PublishOptions, WakuNode } from 'nwaku-desktop'
import { untyped, type Bench, type KillerInput } from './killer-input.js'

const pubsubTopic = '/waku/2/rs/16/32'
const contentTopic = '/app/1/killers/proto'
const payload = new Uint8Array([1])
const stranger = '16Uiu2HAmPLe7Mzm8TsYUubgCAW1aJoeFScxrLj8ppHFivPo97bUZ'
const invalid = 'WAKU_INVALID_ARGUMENT'

type Use = (node: WakuNode, bench: Bench) => Promise<unknown>
const using = (title: string, outcome: KillerInput['outcome'], use: Use): KillerInput =>
  ({ title, outcome, attempt: async (bench) => await use(await bench.start(), bench) })
const publishing = (title: string, message: unknown, options: PublishOptions = { pubsubTopic }): KillerInput =>
  using(title, invalid, async (node) => await node.publish(untyped(message), options))

/** Has a node ask a store that holds one message. */
const asking = (title: string, outcome: KillerInput['outcome'], query: unknown): KillerInput => using(title, outcome, async (node, { start }) => {
  const store = await start({ store: {} })
  const [peer = ''] = await store.getListenAddresses()
  const { messages } = await node.queryStore(untyped(query), { peer })
  if (messages.length !== 0) throw new Error('an empty store has messages')
})

/** Messages. */
export const messageInputs: readonly KillerInput[] = [
  publishing('a list as message', []),
  publishing('null as message', null),
  publishing('a text as message', 'text'),
  publishing('a message without payload', { contentTopic }),
  publishing('a payload as list, which the library publishes as empty', { contentTopic, payload: [1, 2] }),
  publishing('a payload as text', { contentTopic, payload: 'AQI=' }),
  publishing('a timestamp as number, which the library replaces', { contentTopic, payload, timestamp: 1.5 }),
  publishing('a timestamp beyond 64 bits', { contentTopic, payload, timestamp: 2n ** 63n }),
  publishing('a timestamp of 0, with which the library returns a wrong hash', { contentTopic, payload, timestamp: 0n }),
  publishing('a payload of 160 000 bytes, which the library takes and loses', { contentTopic, payload: new Uint8Array(160_000) }),
  publishing('a meta of 78 bytes, which the library takes and loses', { contentTopic, payload, meta: new Uint8Array(78) }),
  publishing('a version beyond 32 bits', { contentTopic, payload, version: 2 ** 32 }),
  publishing('a content topic that is none', { contentTopic: 'topic', payload }),
  publishing('no pubsub topic with static shards', { contentTopic, payload }, {}),
  publishing('an empty pubsub topic', { contentTopic, payload }, { pubsubTopic: '' }),
  using('a topic that nobody is on', 'WAKU_NO_PEERS', async (node) => await node.publish({ contentTopic, payload }, { pubsubTopic: '/waku/2/rs/16/33' })),
  using('nobody to publish to, of which the library tells the publisher as if it were sent', 'WAKU_NO_PEERS', async (node) => {
    const heard: unknown[] = []
    await node.subscribe({ pubsubTopic }, (received) => { heard.push(received) })
    const error: unknown = await node.publish({ contentTopic, payload }, { pubsubTopic }).catch((reason: unknown) => reason)
    // A round trip through the library's thread and back: its event would be here.
    await node.getVersion()
    throw heard.length > 0 ? new Error('the message came back') : error
  }),
  using('a NUL and quotation marks in a content topic', 'WAKU_NO_PEERS', async (node) => await node.publish({ contentTopic: '/app/1/"\\\u0001\0/proto', payload }, { pubsubTopic })),
  using('a thousand messages that nobody takes', 'WAKU_NO_PEERS', async (node) => {
    const results = await Promise.allSettled(Array.from({ length: 1000 }, async () => await node.publish({ contentTopic, payload }, { pubsubTopic })))
    throw results.find((result) => result.status === 'rejected')?.reason
  }),
  { title: 'publishing without relay', outcome: 'WAKU_NOT_SUPPORTED', attempt: async ({ start }) => await (await start({ relay: false })).publish({ contentTopic, payload }, { pubsubTopic }) },
  { title: 'subscribing without relay', outcome: 'WAKU_NOT_SUPPORTED', attempt: async ({ start }) => await (await start({ relay: false })).subscribe({ pubsubTopic }, () => {}) },
  { title: 'a mesh without relay', outcome: 'WAKU_NOT_SUPPORTED', attempt: async ({ start }) => await (await start({ relay: false })).getPeersInMesh(pubsubTopic) }
]

/** Store queries and peers. */
export const peerInputs: readonly KillerInput[] = [
  asking('a query with nothing in it, of which the library needs three fields', 'nothing', {}),
  asking('a query whose needed fields are undefined', 'nothing', { includeData: undefined, paginationForward: undefined, pubsubTopic, contentTopics: [contentTopic] }),
  asking('a query for no hash and no topic', 'nothing', { pubsubTopic, contentTopics: [contentTopic], messageHashes: [] }),
  asking('a list as query', invalid, []),
  asking('null as query', invalid, null),
  asking('a field that is neither true nor false', invalid, { includeData: 'yes' }),
  asking('a hash that is too short, which the library fills up', invalid, { messageHashes: ['0xab'] }),
  asking('a hash that is too long, which the library cuts', invalid, { messageHashes: [`0x${'ab'.repeat(33)}`] }),
  asking('an empty cursor', invalid, { paginationCursor: '' }),
  asking('a time beyond 64 bits', invalid, { timeStart: 2n ** 64n }),
  asking('a negative limit', invalid, { paginationLimit: -1 }),
  asking('a limit beyond 64 bits', invalid, { paginationLimit: 2 ** 70 }),
  using('a query to the node itself', 'WAKU_NOT_SUPPORTED', async (node) => await node.queryStore({}, { peer: node.peerId })),
  using('a query to nobody in particular, with nobody there', 'WAKU_NO_PEERS', async (node) => await node.queryStore({})),
  using('a query to an address where nobody is', 'WAKU_PEER_UNREACHABLE', async (node) => await node.queryStore({}, { peer: `/ip4/127.0.0.1/tcp/1/p2p/${stranger}` })),
  using('a query to a peer without a store', 'WAKU_PEER_UNREACHABLE', async (node, { start }) => await node.queryStore({}, { peer: (await (await start()).getListenAddresses())[0] })),
  using('an address where nobody is, to which the library reports a connection', 'WAKU_PEER_UNREACHABLE', async (node) => await node.dial(`/ip4/127.0.0.1/tcp/1/p2p/${stranger}`)),
  using('garbage for an address, to which the library reports a connection too', invalid, async (node) => await node.dial('garbage')),
  using('an address without a peer id', invalid, async (node) => await node.dial('/ip4/127.0.0.1/tcp/1')),
  using('two addresses in one', invalid, async (node) => await node.dial(`/ip4/127.0.0.1/tcp/1/p2p/${stranger},/ip4/127.0.0.1/tcp/2/p2p/${stranger}`)),
  using('a name that nobody resolves', 'WAKU_PEER_UNREACHABLE', async (node) => await node.dial(`/dns4/nobody.invalid/tcp/1/p2p/${stranger}`)),
  using('the node itself', invalid, async (node) => await node.dial((await node.getListenAddresses())[0] ?? '')),
  using('a time limit that the library ignores', 'WAKU_TIMEOUT', async (node) => await node.dial(`/ip4/192.0.2.1/tcp/1/p2p/${stranger}`, { timeoutMs: 100 })),
  using('a ping of garbage', invalid, async (node) => await node.ping('garbage')),
  using('a ping of nobody', 'WAKU_PEER_UNREACHABLE', async (node) => await node.ping(stranger)),
  using('disconnecting garbage', invalid, async (node) => await node.disconnect('garbage')),
  using('disconnecting a stranger', 'nothing', async (node) => await node.disconnect(stranger))
]

/** Calls at the wrong time. */
export const lifeInputs: readonly KillerInput[] = [
  { title: 'calls before the start', outcome: 'WAKU_NOT_STARTED', attempt: async ({ create }) => await (await create()).getPeers() },
  {
    title: 'calls after a failed creation, any of which would crash the process',
    outcome: 'WAKU_NOT_STARTED',
    attempt: async ({ create, path }) => {
      const node = await create({ store: { url: `sqlite://${path('no/such/folder/file')}` } })
      await node.start().catch(() => {})
      await Promise.all([node.getVersion(), node.getMetrics(), node.getPeersInMesh(pubsubTopic), node.publish({ contentTopic, payload }, { pubsubTopic })])
    }
  },
  {
    title: 'a second start after a failed one',
    outcome: 'WAKU_ARCHIVE_FAILED',
    attempt: async ({ create, path }) => {
      const node = await create({ store: { url: `sqlite://${path('no/such/folder/file')}` } })
      await node.start().catch(() => {})
      await node.start()
    }
  },
  using('calls while it stops', 'WAKU_NOT_STARTED', async (node) => await Promise.all([node.stop(), node.getVersion(), node.getMetrics()])),
  using('calls after the end', 'WAKU_CLOSED', async (node) => {
    await node.close()
    await node.getPeers()
  }),
  using('two starts, two stops and two ends', 'nothing', async (node) => {
    await Promise.all([node.start(), node.start()])
    await Promise.all([node.stop(), node.stop()])
    await Promise.all([node.close(), node.close()])
  }),
  using('an end while everything is under way', 'WAKU_CLOSED', async (node) => {
    const calls = Promise.allSettled([node.getVersion(), node.getPeers(), node.getMetrics(), node.ping(stranger), node.dial(`/ip4/192.0.2.1/tcp/1/p2p/${stranger}`)])
    await node.close()
    throw (await calls).findLast((result) => result.status === 'rejected')?.reason
  }),
  using('a start after a stop, for which the library takes a minute', 'nothing', async (node) => {
    await node.stop()
    await node.start({ timeoutMs: 10_000 })
    await node.getVersion()
  }),
  {
    title: 'a start that is given up',
    outcome: 'WAKU_ABORTED',
    attempt: async ({ create }) => {
      const node = await create()
      const controller = new AbortController()
      const starting = node.start({ signal: controller.signal })
      controller.abort()
      await starting
    }
  }
]
