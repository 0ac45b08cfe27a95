import { createHash, type Hash } from 'node:crypto'
import type { WaitOptions } from './deadline.js'
import { sha256, sha256Hex } from './sha256.js'

/** SHA-256 over a message and its pubsub topic: `0x` and 64 lowercase hex digits (LIP 14). */
export type MessageHash = `0x${string}`

/** The largest message as encoded on the wire, attributes included, in bytes: 150 KiB, nwaku's default. */
export const maxMessageSizeBytes = 150 * 1024

/** The largest `meta`, in bytes (LIP 14; nwaku refuses to decode a longer one). */
export const maxMetaBytes = 64

/** What an application publishes. */
export interface MessageInput {
  /** The application's bytes; may be empty. Not encrypted by the node. */
  readonly payload: Uint8Array
  /** `/{application}/{version}/{topic-name}/{encoding}`, with an optional leading `/{generation}`. */
  readonly contentTopic: string
  /** Nanoseconds since the Unix epoch, by the sender's clock; now by default. Stores keep only what is within 20 s of theirs. */
  readonly timestamp?: bigint | undefined
  /** Which payload encryption is in use, by convention between applications; 0, the default, is none at the level of Waku. */
  readonly version?: number | undefined
  /** True asks stores not to keep the message; false by default. */
  readonly ephemeral?: boolean | undefined
  /** Application-defined bytes that are covered by the message hash, at most 64. */
  readonly meta?: Uint8Array | undefined
  /** A rate-limit proof (RLN), passed through untouched. */
  readonly proof?: Uint8Array | undefined
}

/** How {@link WakuNode.publish} publishes. */
export interface PublishOptions extends WaitOptions {
  /** The pubsub topic; by default that of the message's content topic, by autosharding. */
  readonly pubsubTopic?: string | undefined
}

/** A message as it travels, every field present. */
export interface WakuMessage {
  readonly payload: Uint8Array
  readonly contentTopic: string
  readonly version: number
  /** Nanoseconds since the Unix epoch. */
  readonly timestamp: bigint
  readonly ephemeral: boolean
  /** Empty when there is none. */
  readonly meta: Uint8Array
  /** Empty when there is none. */
  readonly proof: Uint8Array
}

/** A message together with where it was published and what identifies it. */
export interface ReceivedMessage {
  readonly message: WakuMessage
  readonly pubsubTopic: string
  readonly messageHash: MessageHash
}

type HashedFields = Pick<WakuMessage, 'payload' | 'contentTopic' | 'meta' | 'timestamp'>

/** Where the parts of a message are put together to be hashed at once, unless they are more: that is cheaper than part by part. */
const scratch = Buffer.allocUnsafeSlow(16 * 1024)

function putTogether (pubsubTopic: string, { payload, contentTopic, meta, timestamp }: HashedFields): Buffer | undefined {
  // A character of JavaScript has at most three bytes.
  if (payload.byteLength + meta.byteLength + 3 * (pubsubTopic.length + contentTopic.length) + 8 > scratch.byteLength) return undefined
  let end = scratch.write(pubsubTopic)
  scratch.set(payload, end)
  end += payload.byteLength
  end += scratch.write(contentTopic, end)
  scratch.set(meta, end)
  end = scratch.writeBigInt64BE(timestamp, end + meta.byteLength)
  return scratch.subarray(0, end)
}

function hashParts (pubsubTopic: string, message: HashedFields): Hash {
  const timestamp = Buffer.allocUnsafe(8)
  timestamp.writeBigInt64BE(message.timestamp)
  return createHash('sha256').update(pubsubTopic).update(message.payload).update(message.contentTopic).update(message.meta).update(timestamp)
}

/** Computes the deterministic hash of a message as 32 bytes (LIP 14). The timestamp is hashed as 8 bytes big-endian. */
export function messageHashBytes (pubsubTopic: string, message: HashedFields): Buffer {
  const whole = putTogether(pubsubTopic, message)
  return whole === undefined ? hashParts(pubsubTopic, message).digest() : sha256(whole)
}

/**
 * Computes the deterministic hash of a message (LIP 14), which identifies it across stores and implementations.
 *
 * @param pubsubTopic - the topic it is published on, for example `/waku/2/rs/16/32`.
 * @param message - `version`, `ephemeral` and `proof` are not covered by the hash.
 * @returns `0x` and 64 lowercase hex digits.
 */
export function messageHash (pubsubTopic: string, message: HashedFields): MessageHash {
  const whole = putTogether(pubsubTopic, message)
  return `0x${whole === undefined ? hashParts(pubsubTopic, message).digest('hex') : sha256Hex(whole)}`
}

/** What a message has where it has no bytes. @internal */
export const noBytes = new Uint8Array()

/** Copies bytes into memory of their own. @internal */
export function copyOfBytes (bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === 0 ? noBytes : new Uint8Array(bytes)
}

/** Copies a message with its bytes. @internal */
export function copyOfMessage (message: WakuMessage): WakuMessage {
  return { ...message, payload: copyOfBytes(message.payload), meta: copyOfBytes(message.meta), proof: copyOfBytes(message.proof) }
}

/** Writes 32 bytes as a {@link MessageHash}. @internal */
export function hashToHex (hash: Uint8Array): MessageHash {
  return `0x${Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('hex')}`
}

/** Reads a checked {@link MessageHash} as 32 bytes. @internal */
export function hashFromHex (hash: MessageHash): Buffer {
  return Buffer.from(hash.slice(2), 'hex')
}

/** Tells whether a value has the form of a {@link MessageHash}. */
export function isMessageHash (value: unknown): value is MessageHash {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value)
}

/** The current time in nanoseconds since the Unix epoch, to the millisecond. @internal */
export function nowNs (): bigint {
  // Not performance.now(), which is finer but stands still while a laptop sleeps.
  return BigInt(Date.now()) * 1_000_000n
}
