import { isUtf8 } from 'node:buffer'
import { parse as parseLossless, isInteger } from 'lossless-json'
import { isMessageHash, noBytes, type MessageHash, type ReceivedMessage } from '../../message.js'
import type { DriverEvent } from './drivers/driver.js'
import { readText } from './drivers/read-text.js'

/** What an event of the library says, as far as the backend makes use of it. */
export type LibraryEvent =
  | { readonly kind: 'connection', readonly peerId: string, readonly connected: boolean }
  | { readonly kind: 'health' }
  | { readonly kind: 'responding', readonly responding: boolean }
  | { readonly kind: 'message', readonly received: ReceivedMessage }

// Every generation writes the fields of a message in this order, without spaces.
const topicStart = Buffer.from('{"pubsubTopic":"')
const hashStart = Buffer.from('","messageHash":"0x')
const messageStart = Buffer.from('","wakuMessage":{"payload":"",')
const numDigits = 64
const quote = 0x22

const isDigit = new Uint8Array(256)
for (const digit of Buffer.from('0123456789abcdef')) isDigit[digit] = 1

/** A message event in parts, which are valid for as long as the event. */
export interface MessageEvent {
  readonly messageHash: MessageHash
  readonly pubsubTopic: string
  readonly payload: Buffer
  readonly text: Buffer
  /** Where in the text the field after the payload begins. */
  readonly restAt: number
}

/**
 * Finds out cheaply whether an event is a message in the usual form, and which: most of those that come are known already,
 * and need not be read.
 */
export function findMessage ({ code, bytes: text, payload }: DriverEvent): MessageEvent | undefined {
  if (code !== 0 || payload === undefined || !startsWith(text, topicStart, 0)) return undefined
  const topicEnd = text.indexOf(quote, topicStart.length)
  const hashAt = topicEnd + hashStart.length
  const hashEnd = hashAt + numDigits
  if (topicEnd === -1 || !startsWith(text, hashStart, topicEnd) || !startsWith(text, messageStart, hashEnd) || !areDigits(text, hashAt, hashEnd)) return undefined
  const messageHash = text.toString('latin1', hashAt - '0x'.length, hashEnd) as MessageHash
  return { messageHash, pubsubTopic: topicText(text, topicStart.length, topicEnd), payload, text, restAt: hashEnd + messageStart.length }
}

/** Whether they are lowercase hex digits. A regular expression would take several times as long. */
function areDigits (text: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (isDigit[text[index] as number] === 0) return false
  return true
}

let lastTopic = { bytes: Buffer.alloc(0), text: '' }

/** Most messages are on the topic of the one before. */
function topicText (text: Buffer, start: number, end: number): string {
  const { bytes } = lastTopic
  if (end - start !== bytes.length || !startsWith(text, bytes, start)) lastTopic = { bytes: Buffer.from(text.subarray(start, end)), text: text.toString('latin1', start, end) }
  return lastTopic.text
}

/**
 * Reads a message that was found.
 *
 * @returns undefined for a text that is not as it should be, for example a content topic that is not UTF-8.
 */
export function readMessage ({ messageHash, pubsubTopic, payload, text, restAt }: MessageEvent): ReceivedMessage | undefined {
  const fields = fieldsLikeLast(text, restAt) ?? readFields(text.subarray(restAt))
  return fields === undefined ? undefined : received(messageHash, pubsubTopic, fields, new Uint8Array(payload))
}

// Only a key of the message can look like this: quotation marks inside texts are escaped.
const timestampField = /(^|,)"timestamp":(-?\d+)/

/** The last text that was read, but for its timestamp, and what it says. Without meta and proof, which differ. */
let last: { readonly before: Buffer, readonly after: Buffer, readonly fields: MessageFields } | undefined

/** Reads fields that are those of the message before in all but the time, as most are; undefined if they are not. */
function fieldsLikeLast (text: Buffer, at: number): MessageFields | undefined {
  if (last === undefined) return undefined
  const digitsAt = at + last.before.length
  const afterAt = text.length - last.after.length
  if (afterAt <= digitsAt || !startsWith(text, last.before, at) || !startsWith(text, last.after, afterAt)) return undefined
  const digits = text.toString('latin1', digitsAt, afterAt)
  return /^-?\d+$/.test(digits) ? { ...last.fields, timestamp: digits } : undefined
}

function readFields (rest: Buffer): MessageFields | undefined {
  if (!isUtf8(rest)) return undefined
  const text = rest.toString('utf8')
  const match = timestampField.exec(text)
  try {
    const exact = match === null ? text : text.replace(timestampField, '$1"timestamp":"$2"')
    const fields = (JSON.parse(`{"wakuMessage":{${exact}`) as { wakuMessage: MessageFields }).wakuMessage
    const { timestamp: digits, meta, proof } = fields
    if (match !== null && typeof digits === 'string' && !meta && !proof) {
      const at = Buffer.byteLength(text.slice(0, match.index)) + match[0].length - digits.length
      last = { before: Buffer.from(rest.subarray(0, at)), after: Buffer.from(rest.subarray(at + digits.length)), fields }
    }
    return fields
  } catch {
    return undefined
  }
}

/** Reads any other event. @returns undefined for one that says nothing of use. @throws {WakuError} or `SyntaxError` for one that cannot be read. */
export function readEvent (event: DriverEvent): LibraryEvent | undefined {
  if (event.code !== 0) return undefined
  const fields = parseLossless(readText(event, 'event'), undefined, (digits) => isInteger(digits) ? BigInt(digits) : Number(digits)) as Record<string, unknown>
  switch (fields['eventType']) {
    case 'message':
      return readUnusualMessage(fields, event.payload)
    case 'connection_change':
      return readConnection(fields)
    case 'relay_topic_health_change':
      return { kind: 'health' }
    case 'not_responding':
    case 'waku_not_responding':
      return { kind: 'responding', responding: false }
    case 'responding':
      return { kind: 'responding', responding: true }
    default:
      return undefined
  }
}

function readConnection ({ peerId, peerEvent }: Record<string, unknown>): LibraryEvent | undefined {
  if (typeof peerId !== 'string') return undefined
  if (peerEvent === 'Joined' || peerEvent === 'EventConnected') return { kind: 'connection', peerId, connected: true }
  if (peerEvent === 'Left' || peerEvent === 'EventDisconnected') return { kind: 'connection', peerId, connected: false }
  return undefined
}

interface MessageFields {
  readonly payload?: string
  readonly contentTopic?: string
  readonly version?: number | bigint
  readonly timestamp?: string | bigint
  readonly ephemeral?: boolean
  readonly meta?: string
  readonly proof?: string
}

function readUnusualMessage ({ messageHash, pubsubTopic, wakuMessage }: Record<string, unknown>, payload: Buffer | undefined): LibraryEvent | undefined {
  if (!isMessageHash(messageHash) || typeof pubsubTopic !== 'string' || typeof wakuMessage !== 'object' || wakuMessage === null) return undefined
  const fields = wakuMessage as MessageFields
  return { kind: 'message', received: received(messageHash, pubsubTopic, fields, payload === undefined ? fromBase64(fields.payload) : new Uint8Array(payload)) }
}

function received (messageHash: MessageHash, pubsubTopic: string, fields: MessageFields, payload: Uint8Array): ReceivedMessage {
  const { contentTopic = '', version = 0, timestamp = 0n, ephemeral = false, meta, proof } = fields
  return {
    message: { payload, contentTopic, version: Number(version), timestamp: BigInt(timestamp), ephemeral, meta: fromBase64(meta), proof: fromBase64(proof) },
    pubsubTopic,
    messageHash
  }
}

/** Into memory of its own: a small Buffer would share its memory with others. */
function fromBase64 (text = ''): Uint8Array {
  if (text === '') return noBytes
  const bytes = new Uint8Array(Buffer.byteLength(text, 'base64'))
  Buffer.from(bytes.buffer).write(text, 'base64')
  return bytes
}

/** Not `Buffer.compare`: for so few bytes the call costs more than the comparison. */
function startsWith (text: Buffer, start: Buffer, at: number): boolean {
  if (text.length < at + start.length) return false
  for (let index = 0; index < start.length; index++) if (text[at + index] !== start[index]) return false
  return true
}
