import { createHash } from 'node:crypto'
import { invalidArgument } from './errors.js'

/** The largest shard id of a cluster (LIP 51). */
export const maxShardId = 1023

/** The parts of `/{application}/{version}/{topic-name}/{encoding}`, with an optional leading `/{generation}` (LIP 23). */
export interface ContentTopicParts {
  /** Only generation 0 is defined. */
  readonly generation: number
  readonly application: string
  readonly version: string
  readonly topicName: string
  readonly encoding: string
}

/** The parts of `/waku/2/rs/{clusterId}/{shardId}`. */
export interface ShardedTopic {
  readonly clusterId: number
  readonly shardId: number
}

/**
 * Splits a content topic into its parts.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT` when it has another form or a generation above 0.
 */
export function parseContentTopic (contentTopic: string): ContentTopicParts {
  return checkContentTopic('contentTopic', contentTopic)
}

/** The last that was right: most messages are on the topics of the one before. */
let lastContentTopic: { readonly text: string, readonly parts: ContentTopicParts } | undefined
let lastPubsubTopic: { readonly text: string, readonly parts: ShardedTopic } | undefined

/** Does the same for a value that an error is to call by another name. @internal */
export function checkContentTopic (argument: string, contentTopic: string): ContentTopicParts {
  if (lastContentTopic?.text === contentTopic) return lastContentTopic.parts
  const fail = (reason: string): never => { throw invalidArgument(argument, reason) }
  if (typeof contentTopic !== 'string') return fail('must be a string')
  // Encoded, half a surrogate pair would become another character, and the topic another topic.
  if (/\p{Surrogate}/u.test(contentTopic)) return fail('must be well-formed Unicode')
  if (!contentTopic.startsWith('/')) return fail(`'${contentTopic}' must start with a slash`)
  const parts = contentTopic.slice(1).split('/')
  if ((parts.length !== 4 && parts.length !== 5) || parts.some((part) => part === '')) {
    return fail(`'${contentTopic}' must have the form /application/version/topic-name/encoding or /generation/application/version/topic-name/encoding`)
  }
  const generation = parts.length === 5 ? parts.shift() as string : '0'
  if (!/^\d+$/.test(generation)) return fail(`'${contentTopic}' has the generation '${generation}', which is not a number`)
  if (Number(generation) > 0) return fail(`'${contentTopic}' has generation ${generation}; only 0 is defined`)
  const [application, version, topicName, encoding] = parts as [string, string, string, string]
  lastContentTopic = { text: contentTopic, parts: Object.freeze({ generation: 0, application, version, topicName, encoding }) }
  return lastContentTopic.parts
}

/**
 * Derives the shard of a content topic by autosharding (LIP 51): the last 8 bytes of SHA-256 over application and version,
 * as a big-endian number, modulo the number of shards. Topic name and encoding have no influence.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT`
 */
export function shardOfContentTopic (contentTopic: string, numShardsInCluster: number): number {
  if (!Number.isInteger(numShardsInCluster) || numShardsInCluster < 1 || numShardsInCluster > maxShardId + 1) {
    throw invalidArgument('numShardsInCluster', `must be a whole number from 1 to ${maxShardId + 1}`)
  }
  const { application, version } = parseContentTopic(contentTopic)
  const digest = createHash('sha256').update(application).update(version).digest()
  return Number(digest.readBigUInt64BE(24) % BigInt(numShardsInCluster))
}

/** Writes the pubsub topic of a shard: `/waku/2/rs/{clusterId}/{shardId}`. */
export function pubsubTopicOfShard (clusterId: number, shardId: number): string {
  return `/waku/2/rs/${clusterId}/${shardId}`
}

/**
 * Reads cluster and shard out of a pubsub topic.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT` when it has another form, a cluster above 65535 or a shard above 1023.
 */
export function parsePubsubTopic (pubsubTopic: string): ShardedTopic {
  if (lastPubsubTopic?.text === pubsubTopic) return lastPubsubTopic.parts
  if (typeof pubsubTopic !== 'string') throw invalidArgument('pubsubTopic', 'must be a string')
  const match = /^\/waku\/2\/rs\/(0|[1-9]\d{0,4})\/(0|[1-9]\d{0,3})$/.exec(pubsubTopic)
  const clusterId = Number(match?.[1])
  const shardId = Number(match?.[2])
  if (match === null || clusterId > 65535 || shardId > maxShardId) {
    throw invalidArgument('pubsubTopic', `'${pubsubTopic}' must have the form /waku/2/rs/<cluster 0-65535>/<shard 0-${maxShardId}>`)
  }
  lastPubsubTopic = { text: pubsubTopic, parts: Object.freeze({ clusterId, shardId }) }
  return lastPubsubTopic.parts
}
