import { writeFileSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import type { NodeOptions } from 'nwaku-desktop'
import { listen } from '../../helpers/listen.js'
import { untyped, type KillerInput } from './killer-input.js'

const stranger = '16Uiu2HAmPLe7Mzm8TsYUubgCAW1aJoeFScxrLj8ppHFivPo97bUZ'
const publicKey = '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'
const invalid = 'WAKU_INVALID_ARGUMENT'
/** A and B do not decode what JSON escapes. */
const escapes = { A: invalid, B: invalid, C: 'nothing' } as const

const refused = (title: string, outcome: KillerInput['outcome'], options: unknown): KillerInput => ({ title, outcome, attempt: async ({ start }) => await start(untyped(options)) })
const taken = (title: string, options: NodeOptions): KillerInput => refused(title, 'nothing', options)

/** Configurations. */
export const optionInputs: readonly KillerInput[] = [
  { title: 'options that are a list', outcome: invalid, attempt: async ({ create }) => await create(untyped([])) },
  refused('the capacity of the peer store', invalid, { peerStoreCapacity: 1 }),
  refused('discv5', invalid, { discv5Discovery: true }),
  refused('a DNS list with a name server that is no address', invalid, { dnsDiscoveryUrl: 'enrtree://x@y', dnsAddrsNameServers: ['dns.example'] }),
  taken('a limit of one connection', { maxConnections: 1 }),
  taken('a limit of a hundred thousand connections', { maxConnections: 100_000 }),
  refused('a quotation mark in the agent', escapes, { agent: 'a"b' }),
  refused('a backslash in the agent', escapes, { agent: 'a\\b' }),
  refused('a line break in the agent', escapes, { agent: 'a\nb' }),
  refused('a NUL in the agent', { A: invalid, B: invalid, C: 'nothing' }, { agent: 'a\0b' }),
  refused('the cluster that brings rate-limit proofs', 'WAKU_NOT_SUPPORTED', { clusterId: 1 }),
  refused('the cluster that brings the settings of a test network', { A: 'nothing', B: 'WAKU_NOT_SUPPORTED', C: 'WAKU_NOT_SUPPORTED' }, { clusterId: 2 }),
  taken('the port 0', { port: 0, websocketPort: 0 }),
  refused('a host name to listen on', invalid, { host: 'localhost' }),
  refused('a node key of zeros', invalid, { nodeKey: '00'.repeat(32) }),
  taken('a thousand shards', { shards: Array.from({ length: 1000 }, (_, shardId) => shardId), numShardsInCluster: undefined }),
  taken('the same shard twice', { shards: [32, 32] }),
  refused('a shard beyond the last', invalid, { shards: [1024] }),
  taken('no shard', { shards: [] }),
  taken('forty announced addresses', { announceAddresses: Array.from({ length: 40 }, (_, index) => `/ip4/192.0.2.${index + 1}/tcp/60000`) }),
  taken('a name to announce that nobody resolves', { announceAddresses: ['/dns4/nobody.invalid/tcp/60000'] }),
  refused('a protected shard with a key that is none', invalid, { protectedShards: [{ shardId: 32, publicKey: '02'.padEnd(66, 'f') }] }),
  taken('a protected shard without relay', { relay: false, protectedShards: [{ shardId: 32, publicKey }] }),
  taken('a tiny message size', { maxMessageSizeBytes: 1 }),
  taken('a huge message size', { maxMessageSizeBytes: 100 * 1024 * 1024 }),
  refused('reliability without a store', { A: invalid, B: invalid, C: 'WAKU_NOT_SUPPORTED' }, { reliability: true }),
  refused('reliability with a store', { A: 'nothing', B: 'nothing', C: 'WAKU_NOT_SUPPORTED' }, { reliability: true, storePeers: [`/ip4/127.0.0.1/tcp/1/p2p/${stranger}`] }),
  refused('hole punching without a relay for it', 'WAKU_NOT_SUPPORTED', { natTraversal: { holePunching: true, circuitRelay: false } }),
  taken('static peers that are nowhere', { staticPeers: [`/ip4/127.0.0.1/tcp/1/p2p/${stranger}`, `/dns4/nobody.invalid/tcp/1/p2p/${stranger}`] }),
  refused('a rate limit that is none', invalid, { store: {}, rateLimits: { store: '1/0s' } }),
  taken('a rate limit of as much as there is', { store: {}, rateLimits: { store: '9007199254740991/9007199254740h' } }),
  taken('no retention policy', { store: { retention: 'none' } }),
  taken('a retention beyond the end of time', { store: { retention: 'time:999999999999999' } }),
  taken('a retention beyond all numbers', { store: { retention: 'capacity:999999999999999;size:999999999GB' } }),
  refused('a retention policy twice', invalid, { store: { retention: 'time:1;time:2' } }),
  refused('a database of a kind that there is not', invalid, { store: { url: 'mysql://host/db' } }),
  refused('no database', invalid, { store: { url: 'none' } }),
  refused('a database that cannot be reached', { A: 'WAKU_NOT_SUPPORTED', B: 'WAKU_NOT_SUPPORTED', C: 'WAKU_NOT_SUPPORTED' }, { store: { url: 'postgres://nobody:x@127.0.0.1:1/db' } }),
  {
    title: 'a folder as database',
    outcome: 'WAKU_ARCHIVE_FAILED',
    attempt: async ({ start, path }) => {
      mkdirSync(path('folder'))
      await start({ store: { url: `sqlite://${path('folder')}` } })
    }
  },
  {
    title: 'a file that is no database',
    outcome: 'WAKU_ARCHIVE_FAILED',
    attempt: async ({ start, path }) => {
      writeFileSync(path('text'), 'no database at all '.repeat(1000))
      await start({ store: { url: `sqlite://${path('text')}` } })
    }
  },
  {
    title: 'a database that another node has open',
    outcome: 'WAKU_ARCHIVE_FAILED',
    attempt: async ({ start, path }) => {
      await start({ store: { url: `sqlite://${path('shared')}` } })
      await start({ store: { url: `sqlite://${path('shared')}` } })
    }
  },
  {
    title: 'a port that another node has, which the library would share',
    outcome: 'WAKU_LISTEN_FAILED',
    attempt: async ({ start }) => {
      const [address = ''] = await (await start()).getListenAddresses()
      await start({ port: Number(/\/tcp\/(\d+)/.exec(address)?.[1]) })
    }
  },
  {
    title: 'a port that another program has',
    outcome: 'WAKU_LISTEN_FAILED',
    attempt: async ({ start }) => {
      const server = createServer()
      const port = await listen(server)
      try {
        await start({ port })
      } finally {
        server.close()
      }
    }
  }
]
