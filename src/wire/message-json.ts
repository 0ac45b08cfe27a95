import { parse, stringify, isInteger } from 'lossless-json'
import { invalidArgument, reasonOf } from '../errors.js'
import type { MessageInput, WakuMessage } from '../message.js'

/**
 * Writes a message as JSON in nwaku's shape: payload, meta and proof in base64, the timestamp as a number literal of
 * nanoseconds with every digit, which `JSON.parse` would round.
 */
export function messageToJson (message: WakuMessage): string {
  return stringify({
    payload: toBase64(message.payload),
    contentTopic: message.contentTopic,
    version: message.version,
    timestamp: message.timestamp,
    ...(message.meta.byteLength > 0 && { meta: toBase64(message.meta) }),
    ephemeral: message.ephemeral,
    ...(message.proof.byteLength > 0 && { proof: toBase64(message.proof) })
  }) as string
}

/**
 * Reads a message from JSON as {@link messageToJson} writes it; the timestamp may also be a decimal string. All fields but payload
 * and content topic may be absent; whether they make sense is checked when the message is published.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT`
 */
export function messageFromJson (text: string): MessageInput {
  const { payload, contentTopic, version, timestamp, ephemeral, meta, proof } = parseObject(text)
  if (typeof contentTopic !== 'string') throw invalidArgument('message.contentTopic', 'must be a string')
  if (version !== undefined && typeof version !== 'bigint') throw invalidArgument('message.version', 'must be a whole number')
  if (ephemeral !== undefined && typeof ephemeral !== 'boolean') throw invalidArgument('message.ephemeral', 'must be a boolean')
  return {
    payload: fromBase64('payload', payload),
    contentTopic,
    ...(version !== undefined && { version: Number(version) }),
    ...(timestamp !== undefined && { timestamp: readTimestamp(timestamp) }),
    ...(ephemeral !== undefined && { ephemeral }),
    ...(meta !== undefined && { meta: fromBase64('meta', meta) }),
    ...(proof !== undefined && { proof: fromBase64('proof', proof) })
  }
}

function parseObject (text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = parse(text, undefined, (digits) => isInteger(digits) ? BigInt(digits) : Number(digits))
  } catch (error) {
    throw invalidArgument('message', `is not JSON: ${reasonOf(error)}`, { cause: error })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidArgument('message', 'must be a JSON object')
  return value as Record<string, unknown>
}

function readTimestamp (value: unknown): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return BigInt(value)
  throw invalidArgument('message.timestamp', 'must be a whole number of nanoseconds')
}

function toBase64 (bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

function fromBase64 (field: string, value: unknown): Uint8Array {
  if (typeof value !== 'string' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) {
    throw invalidArgument(`message.${field}`, 'must be base64 with padding')
  }
  return new Uint8Array(Buffer.from(value, 'base64'))
}
