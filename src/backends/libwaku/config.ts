import { networkInterfaces } from 'node:os'
import { getServers } from 'node:dns'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import { parseArchiveUrl } from '../../archive/archive-url.js'
import { parseRetentionPolicy } from '../../archive/retention-policy.js'
import type { NodeConfig, RateLimit } from '../../config.js'
import { invalidArgument } from '../../errors.js'
import { parsePubsubTopic } from '../../topics.js'
import type { OpenLibrary } from './drivers/driver.js'

/** What is decided when a node starts. */
export interface StartSettings {
  /** Never 0, which the library refuses. */
  readonly tcpPort: number
  readonly websocketPort: number | undefined
  /** Joined from the beginning. */
  readonly pubsubTopics: readonly string[]
  /** Multiaddrs at which peers reach the node, without its peer id. */
  readonly addresses: readonly string[]
}

type Value = string | number | boolean | readonly string[] | readonly number[]

/** The fewest connections that the library survives: it needs slots for eight relay peers, and dies with fewer than 15. */
const minLibraryConnections = 20

/** A hundred years: as long as the library can keep messages, which it counts in nanoseconds of 64 bits, from now backwards. */
const maxAgeSeconds = 3_153_600_000

/** Beyond these the library's sums overflow, which ends the process. */
const maxMessages = 1e12
const maxSizeMegabytes = 1e9
const maxRateVolume = 1e6
const maxRatePeriodMs = 31_536_000_000

/** What gossipsub sends around a message, which the library counts as part of it: topic, tags and lengths. */
const envelopeBytes = 128

/** What is left for shards and addresses in the node's record, of 300 bytes: with more the library does not start. One address always fits. */
const recordBytes = 120
const oneAddressBytes = 10

/** Options by the library's names of them, for those that hold texts of the user. */
const optionOf: Readonly<Record<string, string>> = { agentString: 'options.agent', storeMessageDbUrl: 'options.store.url', extMultiAddrs: 'options.announceAddresses', storenode: 'options.storePeers' }

/**
 * Writes the library's configuration. Only what is written here can come into it: its names are exact, since A and B
 * ignore unknown ones in silence, and C refuses them.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT` for a text that the library cannot read.
 */
export function libraryConfig (config: NodeConfig, settings: StartSettings, { generation }: Pick<OpenLibrary, 'generation'>): string {
  const keys: Record<string, Value> = {
    ...networkKeys(config, settings),
    ...relayKeys(config, settings),
    ...storeKeys(config),
    // Services and discovery that nothing here makes use of. Two of them are on by default in C.
    filter: false,
    lightpush: false,
    discv5Discovery: false,
    rendezvous: false,
    peerExchange: false,
    logLevel: 'FATAL',
    metricsServer: false
  }
  if (generation === 'C') return JSON.stringify({ entryLayer: 'kernel', kernelConf: keys })
  for (const [key, value] of Object.entries(keys)) refuseEscapes(key, value)
  // On by default in B, where it leaves a database in the working directory.
  return JSON.stringify({ ...keys, legacyStore: false, reliabilityEnabled: config.reliability, ...(config.reliability && { storenode: config.storePeers[0] }) })
}

function networkKeys (config: NodeConfig, { tcpPort, websocketPort, addresses, pubsubTopics }: StartSettings): Record<string, Value> {
  const { natTraversal, announceAddresses } = config
  // Without a router to ask, the address is given: probing the network takes seconds, and 'none' is refused.
  const asksRouter = natTraversal.upnp && announceAddresses.length === 0
  return {
    nodekey: config.nodeKey.toLowerCase(),
    agentString: config.agent,
    listenAddress: config.host,
    tcpPort,
    ...(websocketPort !== undefined && { websocketSupport: true, websocketPort }),
    nat: asksRouter ? 'upnp' : `extip:${externalIp(config.host)}`,
    extMultiAddrs: asksRouter ? [] : withRoomInRecord(addresses, pubsubTopics.length),
    extMultiAddrsOnly: !asksRouter,
    dnsAddrsNameServers: nameServers(),
    maxConnections: Math.max(config.maxConnections, minLibraryConnections),
    // Users behind one router have one address; five of them is the library's default.
    colocationLimit: 0,
    // One switch for a client of circuit relays, reservations on them, and hole punching. AutoNAT is always on.
    isRelayClient: natTraversal.circuitRelay
  }
}

/** The first addresses, as many as fit into a record beside the shards, of which more than 64 are a bitmap. */
function withRoomInRecord (addresses: readonly string[], numShards: number): string[] {
  let room = Math.max(oneAddressBytes, recordBytes - 2 * Math.min(numShards, 64))
  return addresses.filter((address) => {
    room -= multiaddr(address).bytes.byteLength + 2
    return room >= 0
  })
}

function relayKeys (config: NodeConfig, { pubsubTopics }: StartSettings): Record<string, Value> {
  return {
    clusterId: config.clusterId,
    // 0 is static sharding; 1, the default of A, refuses any shard but 0.
    numShardsInNetwork: config.numShardsInCluster,
    shards: pubsubTopics.map((topic) => parsePubsubTopic(topic).shardId),
    protectedShards: config.protectedShards.map(({ shardId, publicKey }) => `${shardId}:${publicKey}`),
    relay: config.relay,
    rlnRelay: false,
    maxMessageSize: `${config.maxMessageSizeBytes + envelopeBytes}B`
  }
}

function storeKeys ({ store, rateLimits }: NodeConfig): Record<string, Value> {
  if (store === undefined) return { store: false }
  return {
    store: true,
    storeMessageDbUrl: databaseUrl(store.url),
    storeMessageRetentionPolicy: retentionPolicy(store.retention),
    storeSync: false,
    rateLimits: rateLimits.store === undefined ? [] : [rateLimitText('store', rateLimits.store)]
  }
}

/** Writes the URL with an absolute path, because nodes may come to share a working directory, and it may change. */
function databaseUrl (url: string): string {
  const location = parseArchiveUrl(url)
  return location.engine === 'sqlite' && location.path !== ':memory:' ? `sqlite://${resolve(location.path)}` : url
}

function retentionPolicy (text: string): string {
  const policy = parseRetentionPolicy(text)
  const rules = [
    policy.maxAgeSeconds === undefined ? '' : `time:${Math.min(policy.maxAgeSeconds, maxAgeSeconds)}`,
    policy.maxMessages === undefined ? '' : `capacity:${Math.min(policy.maxMessages, maxMessages)}`,
    policy.maxSizeBytes === undefined ? '' : `size:${Math.min(policy.maxSizeBytes / 2 ** 20, maxSizeMegabytes).toFixed(6)}MB`
  ].filter((rule) => rule !== '')
  // 'none' is no policy to the library, and an empty text its default of two days.
  return rules.length === 0 ? `time:${maxAgeSeconds}` : rules.join(';')
}

function rateLimitText (service: string, { volume, periodMs }: RateLimit): string {
  return `${service}:${Math.min(volume, maxRateVolume)}/${Math.min(periodMs, maxRatePeriodMs)}ms`
}

/** Returns the machine's own address where the node listens on all. */
function externalIp (host: string): string {
  if (!isWildcard(host)) return host
  const external = Object.values(networkInterfaces()).flat().find((entry) => entry?.internal === false && entry.family === 'IPv4')
  return external?.address ?? '127.0.0.1'
}

/** Tells whether an address stands for all of the machine. */
export function isWildcard (host: string): boolean {
  return host === '0.0.0.0' || /^[0:]+$/.test(host)
}

/** The system's name servers as the library takes them: addresses alone. */
function nameServers (): string[] {
  const addresses = getServers().filter((server) => isIP(server) !== 0 && !server.includes('%'))
  return addresses.length === 0 ? ['127.0.0.1'] : addresses
}

/** A and B take texts as they stand in the JSON, escapes and all. */
function refuseEscapes (key: string, value: Value): void {
  for (const text of Array.isArray(value) ? value as ReadonlyArray<string | number> : [value]) {
    if (typeof text === 'string' && JSON.stringify(text) !== `"${text}"`) {
      throw invalidArgument(optionOf[key] ?? `options.${key}`, 'must have no quotation mark, backslash or control character, which libwaku cannot read')
    }
  }
}
