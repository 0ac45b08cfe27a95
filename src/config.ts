import { isIP } from 'node:net'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import * as z from 'zod'
import { checkMultiaddr, checkPeerAddress, isKeyPair, isPublicKey, isSecretKey, unknownKey } from './checks.js'
import { parseArchiveUrl } from './archive/archive-url.js'
import { parseRetentionPolicy } from './archive/retention-policy.js'
import { invalidArgument, isWakuError, reasonOf } from './errors.js'
import { maxMessageSizeBytes } from './message.js'
import type { Logger, NodeOptions, ProtectedShard } from './options.js'
import { safeLogger } from './safe-logger.js'
import { maxShardId, shardOfContentTopic } from './topics.js'

const mebibyte = 1024 * 1024
const port = z.number().int().min(0).max(65535)
const shard = z.number().int().min(0).max(maxShardId)
const secretKey = z.string().refine(isSecretKey, 'must be a secp256k1 private key as 64 hex digits')
const publicKey = z.string().refine(isPublicKey, 'must be a secp256k1 public key in hex, 33 or 65 bytes')
/** A text that a check takes; its error becomes the option's. */
const checked = (check: (value: string) => unknown) => z.string().superRefine((value, context) => {
  try {
    check(value)
  } catch (error) {
    context.addIssue(isWakuError(error, 'WAKU_INVALID_ARGUMENT') ? error.details.reason : reasonOf(error))
  }
})
const multiaddrs = z.array(checked((value) => checkMultiaddr('address', value)))
const peerAddresses = z.array(checked((value) => checkPeerAddress('address', value)).transform((value) => checkPeerAddress('address', value)))
const rateLimit = z.string().refine((value) => parseRateLimit(value) !== null, "must be '{volume}/{period}{h|m|s|ms}', as in '100/1s', or 'none'")

const optionsSchema = z.strictObject({
  backend: z.enum(['auto', 'libwaku', 'js']).default('auto'),
  libraryPath: z.string().min(1).optional(),
  isolation: z.enum(['process', 'in-process']).optional(),
  process: z.strictObject({
    maxMemoryBytes: z.number().int().min(64 * mebibyte).optional(),
    hangTimeoutMs: z.number().int().min(500).max(3_600_000).default(5000),
    maxOutboxMessages: z.number().int().min(1).max(1_000_000).default(20_000),
    maxOutboxBytes: z.number().int().min(1).default(256 * mebibyte)
  }).prefault({}),
  nodeKey: secretKey.default(() => Buffer.from(secp256k1.utils.randomSecretKey()).toString('hex')),
  agent: z.string().min(1).max(256).default('nwaku-desktop'),
  host: z.string().refine((value) => isIP(value) !== 0, 'must be an IP address').default('0.0.0.0'),
  port: port.default(0),
  websocketPort: port.optional(),
  announceAddresses: multiaddrs.default([]),
  clusterId: z.number().int().min(0).max(65535).default(0),
  numShardsInCluster: z.number().int().min(0).max(maxShardId + 1).optional(),
  shards: z.array(shard).optional(),
  protectedShards: z.array(z.strictObject({ shardId: shard, publicKey, signingKey: secretKey.optional() })).default([]),
  relay: z.boolean().default(true),
  store: z.strictObject({ url: checked(parseArchiveUrl).default('sqlite://:memory:'), retention: checked(parseRetentionPolicy).default('time:172800') }).optional(),
  storePeers: peerAddresses.default([]),
  staticPeers: peerAddresses.default([]),
  peerStorePath: z.string().min(1).optional(),
  maxConnections: z.number().int().min(1).max(100_000).default(50),
  maxMessageSizeBytes: z.number().int().min(1).max(100 * 1024 * 1024).default(maxMessageSizeBytes),
  natTraversal: z.strictObject({
    autonat: z.boolean().optional(),
    circuitRelay: z.boolean().optional(),
    holePunching: z.boolean().optional(),
    upnp: z.boolean().optional()
  }).default({}),
  reliability: z.boolean().default(false),
  rateLimits: z.strictObject({ store: rateLimit.default('300/1s'), metadata: rateLimit.default('100/1s') }).prefault({}),
  logger: z.custom<Logger>((value) => ['error', 'warn', 'info', 'debug'].every((level) => typeof (value as Partial<Record<string, unknown>> | null)?.[level] === 'function'),
    'must have the methods error, warn, info and debug').default({ error () {}, warn () {}, info () {}, debug () {} })
})

/** The options of a node, checked and complete. */
export interface NodeConfig extends Omit<z.output<typeof optionsSchema>, 'natTraversal' | 'rateLimits' | 'shards' | 'numShardsInCluster'> {
  readonly numShardsInCluster: number
  readonly shards: readonly number[]
  readonly natTraversal: { readonly autonat: boolean, readonly circuitRelay: boolean, readonly holePunching: boolean, readonly upnp: boolean }
  readonly rateLimits: { readonly store: RateLimit | undefined, readonly metadata: RateLimit | undefined }
}

/** How many requests a service takes in a period; undefined stands for no limit. */
export interface RateLimit {
  readonly volume: number
  readonly periodMs: number
}

/**
 * Checks options and fills in the defaults.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT` for the first option that is wrong; an unknown one is told with the nearest known.
 */
export function resolveOptions (options: NodeOptions): NodeConfig {
  const parsed = optionsSchema.safeParse(options)
  if (!parsed.success) throw asInvalidArgument(parsed.error)
  const { natTraversal, rateLimits, ...rest } = parsed.data
  const reachable = !isLoopback(rest.host)
  const numShardsInCluster = rest.numShardsInCluster ?? (rest.shards === undefined ? 8 : 0)
  const shards = [...new Set(rest.shards ?? Array.from({ length: numShardsInCluster }, (_, shardId) => shardId))]
  checkShards(numShardsInCluster, shards)
  rest.protectedShards.forEach(checkProtectedShard)
  return {
    ...rest,
    logger: safeLogger(rest.logger),
    numShardsInCluster,
    shards,
    natTraversal: {
      autonat: natTraversal.autonat ?? reachable,
      circuitRelay: natTraversal.circuitRelay ?? reachable,
      holePunching: natTraversal.holePunching ?? reachable,
      upnp: natTraversal.upnp ?? reachable
    },
    rateLimits: {
      store: parseRateLimit(rateLimits.store) ?? undefined,
      metadata: parseRateLimit(rateLimits.metadata) ?? undefined
    }
  }
}

/** Derives the shard of a content topic. @throws {WakuError} `WAKU_INVALID_ARGUMENT`, also when the node uses static sharding. */
export function autoshard (config: NodeConfig, contentTopic: string): number {
  if (config.numShardsInCluster === 0) throw invalidArgument('pubsubTopic', 'is needed, because this node uses static sharding')
  return shardOfContentTopic(contentTopic, config.numShardsInCluster)
}

function checkShards (numShardsInCluster: number, shards: readonly number[]): void {
  const beyond = numShardsInCluster > 0 ? shards.find((shardId) => shardId >= numShardsInCluster) : undefined
  if (beyond !== undefined) throw invalidArgument('options.shards', `${beyond} is not below numShardsInCluster, ${numShardsInCluster}`)
}

function checkProtectedShard ({ shardId, publicKey, signingKey }: ProtectedShard, index: number, all: readonly ProtectedShard[]): void {
  const argument = `options.protectedShards[${index}]`
  if (signingKey !== undefined && !isKeyPair(signingKey, publicKey)) throw invalidArgument(`${argument}.signingKey`, 'must be the private key of publicKey')
  if (all.findIndex((other) => other.shardId === shardId) !== index) throw invalidArgument(`${argument}.shardId`, `${shardId} is protected already`)
}

function asInvalidArgument (error: z.ZodError): Error {
  const [issue] = error.issues
  if (issue === undefined) return invalidArgument('options', error.message)
  const argument = issue.path.reduce<string>((path, key) => typeof key === 'number' ? `${path}[${key}]` : `${path}.${String(key)}`, 'options')
  return issue.code === 'unrecognized_keys'
    ? unknownKey(argument, issue.keys[0] as string, keysAt(issue.path))
    : invalidArgument(argument, issue.message)
}

function keysAt (path: readonly PropertyKey[]): string[] {
  let at: unknown = optionsSchema
  for (const key of path) {
    while (at instanceof z.ZodDefault || at instanceof z.ZodPrefault || at instanceof z.ZodOptional) at = at.unwrap()
    at = at instanceof z.ZodArray ? at.element : at instanceof z.ZodObject ? at.shape[key as string] : undefined
  }
  while (at instanceof z.ZodDefault || at instanceof z.ZodPrefault || at instanceof z.ZodOptional) at = at.unwrap()
  return at instanceof z.ZodObject ? Object.keys(at.shape) : []
}

function isLoopback (host: string): boolean {
  return host.startsWith('127.') || host === '::1'
}

function parseRateLimit (text: string): RateLimit | null | undefined {
  if (text === 'none') return undefined
  const match = /^(\d+)\/(\d+)(h|m|s|ms)$/.exec(text)
  if (match === null) return null
  const [, volume, period, unit] = match
  const periodMs = Number(period) * { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }[unit as 'h' | 'm' | 's' | 'ms']
  return Number(volume) > 0 && periodMs > 0 ? { volume: Number(volume), periodMs } : null
}
