import { WakuError } from '../errors.js'
import { maxMetaBytes, type WakuMessage } from '../message.js'
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

const none = new Uint8Array()

/**
 * Encodes a message with all seven fields in nwaku's order, zero and empty ones too: two implementations that emit the
 * same bytes share one gossipsub message id, which is SHA-256 over them.
 */
export function encodeWakuMessage (message: WakuMessage): Uint8Array {
  return encode(wakuMessage, message)
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

const lengthDelimited = (length: number): number => varint(BigInt(length)) + length

function varint (value: bigint): number {
  let bytes = 1
  while ((value >>= 7n) > 0n) bytes++
  return bytes
}

/**
 * Decodes a message. Small bytes are copies, so that keeping them does not keep the network buffer they came in.
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
    payload: detached(decoded.payload),
    contentTopic: decoded.contentTopic,
    version: decoded.version ?? 0,
    timestamp: decoded.timestamp ?? 0n,
    ephemeral: decoded.ephemeral ?? false,
    meta: decoded.meta === undefined ? none : detached(decoded.meta),
    proof: decoded.proof === undefined ? none : detached(decoded.proof)
  }
}

/** Copies bytes unless they are most of the buffer they are a view of. */
function detached (bytes: Uint8Array): Uint8Array {
  return bytes.byteLength * 2 > bytes.buffer.byteLength
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
}
