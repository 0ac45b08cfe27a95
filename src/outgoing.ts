import { invalidArgument } from './errors.js'
import { checkKeys } from './checks.js'
import { autoshard, type NodeConfig } from './config.js'
import { maxMetaBytes, noBytes, nowNs, type MessageInput, type WakuMessage } from './message.js'
import { isSignedMessage, isTimely, signMessage } from './protected-shard.js'
import { checkContentTopic, parsePubsubTopic, pubsubTopicOfShard } from './topics.js'
import { isLargerThan, sizeOfWakuMessage } from './wire/waku-message.js'

const maxInt64 = 2n ** 63n - 1n
const messageKeys = ['payload', 'contentTopic', 'timestamp', 'version', 'ephemeral', 'meta', 'proof'] as const

/** Checks a pubsub topic: sharded, and of the node's cluster. */
export function checkPubsubTopic (config: NodeConfig, pubsubTopic: string): string {
  const { clusterId } = parsePubsubTopic(pubsubTopic)
  if (clusterId !== config.clusterId) throw invalidArgument('pubsubTopic', `'${pubsubTopic}' is of cluster ${clusterId}, and this node of ${config.clusterId}`)
  return pubsubTopic
}

/** Derives the pubsub topic of a content topic by autosharding. */
export function pubsubTopicOfContentTopic (config: NodeConfig, contentTopic: string): string {
  return pubsubTopicOfShard(config.clusterId, autoshard(config, contentTopic))
}

/**
 * Checks a message, fills in what is missing, and signs it where its shard asks for that. Its bytes are the caller's still, to be
 * encoded before the caller can change them.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT`
 */
export function prepareMessage (config: NodeConfig, input: MessageInput, givenPubsubTopic: string | undefined): { message: WakuMessage, pubsubTopic: string } {
  checkMessage(input)
  const pubsubTopic = givenPubsubTopic === undefined
    ? pubsubTopicOfContentTopic(config, input.contentTopic)
    : checkPubsubTopic(config, givenPubsubTopic)
  const message = protect(config, pubsubTopic, {
    payload: input.payload,
    contentTopic: input.contentTopic,
    version: input.version ?? 0,
    timestamp: input.timestamp ?? nextTimestamp(),
    ephemeral: input.ephemeral ?? false,
    meta: input.meta ?? noBytes,
    proof: input.proof ?? noBytes
  })
  if (isLargerThan(message, config.maxMessageSizeBytes)) {
    throw invalidArgument('message', `has ${sizeOfWakuMessage(message)} bytes as encoded, more than the maximum of ${config.maxMessageSizeBytes}`)
  }
  return { message, pubsubTopic }
}

function checkMessage (input: MessageInput): void {
  checkKeys('message', input, messageKeys)
  checkBytes('message.payload', input.payload)
  checkContentTopic('message.contentTopic', input.contentTopic)
  if (input.timestamp !== undefined && (typeof input.timestamp !== 'bigint' || input.timestamp > maxInt64 || input.timestamp <= 0n)) {
    throw invalidArgument('message.timestamp', 'must be a bigint of nanoseconds since the Unix epoch, above 0 and below 2^63')
  }
  if (input.version !== undefined && !(Number.isInteger(input.version) && input.version >= 0 && input.version < 2 ** 32)) {
    throw invalidArgument('message.version', 'must be a whole number from 0 to 2^32 - 1')
  }
  if (input.ephemeral !== undefined && typeof input.ephemeral !== 'boolean') throw invalidArgument('message.ephemeral', 'must be a boolean')
  if (input.proof !== undefined) checkBytes('message.proof', input.proof)
  if (input.meta !== undefined) checkBytes('message.meta', input.meta)
  if ((input.meta?.byteLength ?? 0) > maxMetaBytes) throw invalidArgument('message.meta', `must have at most ${maxMetaBytes} bytes`)
}

function checkBytes (argument: string, value: unknown): void {
  if (!(value instanceof Uint8Array)) throw invalidArgument(argument, 'must be a Uint8Array')
}

function protect (config: NodeConfig, pubsubTopic: string, message: WakuMessage): WakuMessage {
  if (config.protectedShards.length === 0) return message
  const { shardId } = parsePubsubTopic(pubsubTopic)
  const shard = config.protectedShards.find((candidate) => candidate.shardId === shardId)
  if (shard === undefined) return message
  if (!isTimely(message.timestamp, nowNs())) throw invalidArgument('message.timestamp', `must be within five minutes of now, because shard ${shardId} is protected`)
  if (shard.signingKey !== undefined && message.meta.byteLength === 0) return signMessage(pubsubTopic, message, shard.signingKey)
  if (!isSignedMessage(pubsubTopic, message, shard.publicKey, nowNs())) {
    throw invalidArgument('message.meta', `must be a signature, because shard ${shardId} is protected; give its signingKey, or leave meta empty if you did`)
  }
  return message
}

let lastTimestamp = 0n

// Never the same twice: two equal texts in one tick of the clock would be one message to the network.
function nextTimestamp (): bigint {
  const now = nowNs()
  lastTimestamp = now > lastTimestamp ? now : lastTimestamp + 1n
  return lastTimestamp
}
