import { WakuError } from '../errors.js'
import { maxMetaBytes, noBytes, type WakuMessage } from '../message.js'
import { decode, encode, optional, required, schema, type Message } from './protobuf.js'

/** WakuMessage, LIP 14. */
export const wakuMessage = schema('WakuMessage', {
  payload: required(1, 'bytes'),
  contentTopic: required(2, 'string'),
  version: optional(3, 'uint32'),
  timestamp: optional(10, 'sint64'),
  meta: optional(11, 'bytes'),
  proof: optional(21, 'bytes'),
  ephemeral: optional(31, 'bool')
})

/**
 * Encodes a message with all seven fields in nwaku's order, zero and empty ones too: two implementations that emit the
 * same bytes share one gossipsub message id, which is SHA-256 over them.
 */
export function encodeWakuMessage (message: WakuMessage): Uint8Array {
  return encode(wakuMessage, message)
}

/** Returns a message as it was encoded, with bytes of its own: the payload is a view of the encoding. */
export function encodedWakuMessage (message: WakuMessage, encoding: Uint8Array): WakuMessage {
  const { byteLength } = message.payload
  const offset = 1 + varint(BigInt(byteLength))
  return {
    ...message,
    payload: encoding.subarray(offset, offset + byteLength),
    meta: new Uint8Array(message.meta),
    proof: new Uint8Array(message.proof)
  }
}

/** Computes the length in bytes of what {@link encodeWakuMessage} returns. */
export function sizeOfWakuMessage (message: WakuMessage): number {
  // Tags of fields up to 15 take one byte, of 21 and 31 two; zig-zag doubles the timestamp.
  return 1 + lengthDelimited(message.payload.byteLength) +
    1 + lengthDelimited(Buffer.byteLength(message.contentTopic)) +
    1 + varint(BigInt(message.version)) +
    1 + varint(message.timestamp < 0n ? -2n * message.timestamp - 1n : 2n * message.timestamp) +
    1 + lengthDelimited(message.meta.byteLength) +
    2 + lengthDelimited(message.proof.byteLength) +
    2 + 1
}

/** What of an encoded message is neither payload nor content topic nor proof, at most: tags, lengths, numbers and `meta`. */
const maxOtherBytes = 128

/** Tells whether a message has more bytes than this as encoded. Of most that can be told without counting every byte. */
export function isLargerThan (message: WakuMessage, maxBytes: number): boolean {
  const mostBytes = message.payload.byteLength + 3 * message.contentTopic.length + message.proof.byteLength + message.meta.byteLength + maxOtherBytes
  return mostBytes > maxBytes && sizeOfWakuMessage(message) > maxBytes
}

const lengthDelimited = (length: number): number => varint(BigInt(length)) + length

function varint (value: bigint): number {
  let bytes = 1
  while ((value >>= 7n) > 0n) bytes++
  return bytes
}

/**
 * Decodes a message. Payload, meta and proof are copies: keeping them does not keep the network buffer they came in, and the
 * application may write to them while the router still sends that buffer to others.
 *
 * @throws {WakuError} `WAKU_MALFORMED_REPLY`, also for a `meta` of more than 64 bytes.
 */
export function decodeWakuMessage (bytes: Uint8Array): WakuMessage {
  return completeWakuMessage(decode(wakuMessage, bytes))
}

/** Gives absent fields their defaults and checks what the schema cannot say. */
export function completeWakuMessage (decoded: Message<typeof wakuMessage>): WakuMessage {
  if ((decoded.meta?.byteLength ?? 0) > maxMetaBytes) {
    throw new WakuError('WAKU_MALFORMED_REPLY', `meta is longer than ${maxMetaBytes} bytes`, { operation: 'decode WakuMessage' })
  }
  return {
    payload: new Uint8Array(decoded.payload),
    contentTopic: decoded.contentTopic,
    version: decoded.version ?? 0,
    timestamp: decoded.timestamp ?? 0n,
    ephemeral: decoded.ephemeral ?? false,
    meta: decoded.meta === undefined ? noBytes : new Uint8Array(decoded.meta),
    proof: decoded.proof === undefined ? noBytes : new Uint8Array(decoded.proof)
  }
}
