import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { NodeOptions } from 'nwaku-desktop'
import { expectRejection } from '../helpers/expect-rejection.js'
import { collectMessages, freshContentTopic, textMessage, untilReceived } from '../helpers/messages.js'
import { connect, pubsubTopic, shardId, useNodes } from '../helpers/nodes.js'
import { strangersPeerId } from '../helpers/silent-peer.js'
import { until } from '../helpers/until.js'
import type { ProbedBackend } from './backend-under-test.js'

const publicKey = '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'
const logger = { error () {}, warn () {}, info () {}, debug () {} }

/** Where nobody listens. */
const nowhere = `/ip4/127.0.0.1/tcp/1/p2p/${strangersPeerId}`

/** Each option, wrong in one way. */
const wrong: ReadonlyArray<[argument: string, options: object]> = [
  ['nodeKey', { nodeKey: 'ab' }], ['nodeKey', { nodeKey: '00'.repeat(32) }], ['nodeKey', { nodeKey: 'ff'.repeat(32) }], ['nodeKey', { nodeKey: 'zz'.repeat(32) }], ['nodeKey', { nodeKey: 7 }],
  ['agent', { agent: '' }], ['agent', { agent: 'x'.repeat(257) }],
  ['host', { host: 'localhost' }], ['host', { host: '127.0.0.1:80' }], ['host', { host: '' }],
  ['port', { port: -1 }], ['port', { port: 65536 }], ['port', { port: 1.5 }], ['port', { port: '60000' }],
  ['websocketPort', { websocketPort: 65536 }],
  ['announceAddresses[0]', { announceAddresses: ['nonsense'] }], ['announceAddresses', { announceAddresses: '/ip4/1.2.3.4/tcp/1' }],
  ['clusterId', { clusterId: -1 }], ['clusterId', { clusterId: 65536 }], ['clusterId', { clusterId: NaN }],
  ['numShardsInCluster', { numShardsInCluster: 1025 }],
  ['shards[0]', { shards: [1024] }], ['shards[1]', { shards: [1, -1] }], ['shards', { shards: 32 }], ['shards', { shards: [8], numShardsInCluster: 8 }],
  ['protectedShards[0].publicKey', { protectedShards: [{ shardId: 1, publicKey: 'ab' }] }],
  ['protectedShards[0].signingKey', { protectedShards: [{ shardId: 1, publicKey, signingKey: 'ab' }] }],
  ['protectedShards[0].signingKey', { protectedShards: [{ shardId: 1, publicKey, signingKey: '0b'.repeat(32) }] }],
  ['protectedShards[0].shardId', { protectedShards: [{ shardId: 1024, publicKey }] }],
  ['protectedShards[1].shardId', { protectedShards: [{ shardId: 1, publicKey }, { shardId: 1, publicKey }] }],
  ['relay', { relay: 'yes' }],
  ['store', { store: true }], ['store.url', { store: { url: '' } }], ['store.url', { store: { url: 'mysql://host/db' } }], ['store.url', { store: { url: 'postgres://host' } }],
  ['store.retention', { store: { retention: 'forever' } }], ['store.retention', { store: { retention: 'capacity:-1' } }], ['store.retention', { store: { retention: 'time:1;time:2' } }],
  ['storePeers[0]', { storePeers: ['/ip4/1.2.3.4/tcp/1'] }], ['staticPeers[0]', { staticPeers: [strangersPeerId] }], ['staticPeers[0]', { staticPeers: ['/ip4/1.2.3.4/tcp/1/p2p/nonsense'] }],
  ['peerStorePath', { peerStorePath: '' }],
  ['maxConnections', { maxConnections: 0 }], ['maxMessageSizeBytes', { maxMessageSizeBytes: 0 }],
  ['natTraversal.upnp', { natTraversal: { upnp: 1 } }],
  ['rateLimits.store', { rateLimits: { store: '100' } }], ['rateLimits.store', { rateLimits: { store: '0/1s' } }], ['rateLimits.metadata', { rateLimits: { metadata: '1/1d' } }],
  ['logger', { logger: console.log }], ['logger', { logger: { ...logger, warn: undefined } }]
]

/** Misspelled options, and the nearest that there is. */
const misspelled: ReadonlyArray<[argument: string, nearest: string, options: object]> = [
  ['clusterID', 'clusterId', { clusterID: 1 }],
  ['shard', 'shards', { shard: [1] }],
  ['static_peers', 'staticPeers', { static_peers: [] }],
  ['websocketport', 'websocketPort', { websocketport: 1 }],
  ['store.uri', 'url', { store: { uri: 'sqlite://:memory:' } }],
  ['natTraversal.autoNat', 'autonat', { natTraversal: { autoNat: true } }],
  ['protectedShards[0].pubkey', 'publicKey', { protectedShards: [{ shardId: 1, publicKey, pubkey: publicKey }] }]
]

/** What createNode takes and refuses, and what it does with secrets. */
export function describeOptions ({ createNode }: ProbedBackend): void {
  describe('options', () => {
    const nodes = useNodes(createNode)

    test.each(wrong.map(([argument, options]) => [argument, inspect(options, { breakLength: Infinity }).slice(0, 80), options] as const))('a wrong %s is refused and named: %s', async (argument, _, options) => {
      await expectRejection(createNode(options), 'WAKU_INVALID_ARGUMENT', { argument: `options.${argument}` })
    })

    test.each(misspelled)('the unknown %s is refused with %s as the nearest', async (argument, nearest, options) => {
      const error = await expectRejection(createNode(options), 'WAKU_INVALID_ARGUMENT', { argument: `options.${argument}` })
      expect(error.details.reason).toContain(`'${nearest}'`)
    })

    test('an unknown option that resembles none is told with those that are known', async () => {
      const error = await expectRejection(createNode({ flavour: 'salty' } as NodeOptions), 'WAKU_INVALID_ARGUMENT', { argument: 'options.flavour' })
      expect(error.details.reason).toContain('clusterId')
    })

    test('the error for a wrong secret does not hold it', async () => {
      const secret = `${'5e'.repeat(31)}zz`
      const errors = [
        await expectRejection(createNode({ nodeKey: secret }), 'WAKU_INVALID_ARGUMENT'),
        await expectRejection(createNode({ protectedShards: [{ shardId: 1, publicKey, signingKey: secret }] }), 'WAKU_INVALID_ARGUMENT'),
        await expectRejection(createNode({ store: { url: `postgres://user:${secret}@` } }), 'WAKU_INVALID_ARGUMENT')
      ]
      for (const error of errors) expect(inspect(error, { depth: 9 })).not.toContain(secret)
    })

    test('options that are undefined have their defaults', async () => {
      const node = await nodes.create({ nodeKey: undefined, store: undefined, logger: undefined, natTraversal: { upnp: undefined }, rateLimits: {} })
      await node.start()
      expect(node.supports.ownStore).toBe(false)
    })

    test('the logger gets neither payloads nor keys', async () => {
      const lines: unknown[][] = []
      const note = (...line: unknown[]): void => { lines.push(line) }
      const spying = { error: note, warn: note, info: note, debug: note }
      const [nodeKey, signingKey] = ['0c'.repeat(32), '01'.padStart(64, '0')]
      const options = { logger: spying, protectedShards: [{ shardId, publicKey, signingKey }] }
      const [node, other] = await nodes.startPair({ ...options, nodeKey, store: {}, staticPeers: [nowhere] }, options)
      const contentTopic = freshContentTopic()
      const received = collectMessages(other, contentTopic)
      await node.publish(textMessage(contentTopic, 'very private words'), { pubsubTopic })
      await untilReceived(received, 1)
      const log = await until(() => {
        const text = inspect(lines, { depth: 9, maxArrayLength: null, maxStringLength: null })
        expect(text).toContain(strangersPeerId)
        return text
      })
      for (const secret of ['very private words', Buffer.from('very private words').toString('base64'), nodeKey, signingKey]) expect(log).not.toContain(secret)
    })

    test('a logger that throws disturbs nothing', async () => {
      const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
      onTestFinished(() => { warn.mockRestore() })
      const fail = (): never => { throw new Error('logger trouble') }
      const node = await nodes.start({ staticPeers: [nowhere], logger: { error: fail, warn: fail, info: fail, debug: fail } })
      await until(() => { expect(warn).toHaveBeenCalledWith(new Error('logger trouble')) })
      await connect(node, await nodes.start())
      expect(node.getConnectionStatus()).toBe('PartiallyConnected')
    })
  })
}
