import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resolveOptions } from '../../src/config.js'
import { isWakuError } from '../../src/errors.js'

const resolve = (options: object): ReturnType<typeof resolveOptions> => resolveOptions(options)
const refusal = (options: object): unknown => {
  try {
    resolve(options)
  } catch (error) {
    if (isWakuError(error, 'WAKU_INVALID_ARGUMENT')) return error.details
    throw error
  }
  throw new Error('the options were taken')
}

const optionNames = Object.keys({ ...resolve({}), port: 0, websocketPort: 0, store: {}, peerStorePath: '' })

describe('an option that is not known', () => {
  test.each([['cluterId', 'clusterId'], ['clusterid', 'clusterId'], ['staticpeers', 'staticPeers'], ['webSocketPort', 'websocketPort'], ['nodekey', 'nodeKey']])('%s is told with %s', (given, nearest) => {
    expect(refusal({ [given]: 1 })).toEqual({ argument: `options.${given}`, reason: `unknown; did you mean '${nearest}'?` })
  })

  test('inside another is told with its path', () => {
    expect(refusal({ store: { retentoin: 'none' } })).toEqual({ argument: 'options.store.retentoin', reason: "unknown; did you mean 'retention'?" })
    expect(refusal({ natTraversal: { upnpp: true } })).toEqual({ argument: 'options.natTraversal.upnpp', reason: "unknown; did you mean 'upnp'?" })
    expect(refusal({ protectedShards: [{ shardId: 0, publickey: 'x', publicKey: '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798' }] }))
      .toEqual({ argument: 'options.protectedShards[0].publickey', reason: "unknown; did you mean 'publicKey'?" })
  })

  test('unlike every other is told with all that are known', () => {
    expect(refusal({ zzzzzzzzzzzzzzzzzzzz: 1 })).toMatchObject({ reason: expect.stringMatching(/^unknown; known are .*clusterId/) as string })
  })

  test('by one letter is always told with the one that was meant', () => {
    fc.assert(fc.property(fc.constantFrom(...optionNames.filter((name) => name.length > 4)), fc.nat({ max: 3 }), (name, at) => {
      const misspelled = name.slice(0, at) + name.slice(at + 1)
      expect(refusal({ [misspelled]: 1 })).toEqual({ argument: `options.${misspelled}`, reason: `unknown; did you mean '${name}'?` })
    }))
  })
})

test('whatever is given for an option, it is taken or refused by its name', () => {
  fc.assert(fc.property(fc.constantFrom(...optionNames), fc.anything(), (name, value) => {
    try {
      resolve({ [name]: value })
    } catch (error) {
      if (!isWakuError(error, 'WAKU_INVALID_ARGUMENT')) throw error
      expect(error.details.argument.startsWith(`options.${name}`)).toBe(true)
    }
  }), { numRuns: 1000 })
})

test.each<[object, string]>([
  [{ nodeKey: '00'.repeat(32) }, 'options.nodeKey'],
  [{ nodeKey: 'ff'.repeat(32) }, 'options.nodeKey'],
  [{ clusterId: 65536 }, 'options.clusterId'],
  [{ shards: [1024] }, 'options.shards[0]'],
  [{ shards: [8], numShardsInCluster: 8 }, 'options.shards'],
  [{ port: 1.5 }, 'options.port'],
  [{ host: 'localhost' }, 'options.host'],
  [{ staticPeers: ['/ip4/1.2.3.4/tcp/1'] }, 'options.staticPeers[0]'],
  [{ announceAddresses: ['nonsense'] }, 'options.announceAddresses[0]'],
  [{ rateLimits: { store: '0/1s' } }, 'options.rateLimits.store'],
  [{ rateLimits: { store: '1/1d' } }, 'options.rateLimits.store'],
  [{ protectedShards: [{ shardId: 0, publicKey: `02${'00'.repeat(32)}` }] }, 'options.protectedShards[0].publicKey'],
  [{ maxConnections: 0 }, 'options.maxConnections'],
  [{ logger: {} }, 'options.logger']
])('%j is refused as %s', (options, argument) => {
  expect(refusal(options)).toMatchObject({ argument })
})

test.each([['127.0.0.1', false], ['127.9.9.9', false], ['::1', false], ['0.0.0.0', true], ['192.168.1.1', true]])('on %s, that means of NAT traversal are on by default is %s', (host, on) => {
  expect(resolve({ host }).natTraversal).toEqual({ autonat: on, circuitRelay: on, holePunching: on, upnp: on })
})

test.each([['300/1s', { volume: 300, periodMs: 1000 }], ['5/2m', { volume: 5, periodMs: 120_000 }], ['1/3h', { volume: 1, periodMs: 10_800_000 }], ['9/7ms', { volume: 9, periodMs: 7 }], ['none', undefined]])(
  'the rate limit %s is %j', (store, expected) => {
    expect(resolve({ rateLimits: { store } }).rateLimits.store).toEqual(expected)
  })
