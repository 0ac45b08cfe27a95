import { setImmediate as turn } from 'node:timers/promises'
import { WakuError } from '../../errors.js'
import { isMessageHash, type WakuMessage } from '../../message.js'
import type { StoredMessage, StorePage, StoreQuery } from '../../store.js'
import type { Reply } from './drivers/driver.js'
import { failureText, libraryError } from './functions.js'

const operation = 'queryStore'

/** After so many bytes of text the event loop has its turn: a page can have 60 MB. */
const bytesPerTurn = 512 * 1024

/** Only keys look like these, since quotation marks inside texts are escaped. */
const arrayStarts = ['"payload":[', '"meta":[', '"proof":['].map((text) => Buffer.from(text))
const comma = 0x2c
const zero = 0x30

/** Writes a query as the library takes it. Three fields are always there: without one of them it ends the process. */
export function storeQueryText (requestId: string, query: StoreQuery): string {
  return JSON.stringify({
    requestId,
    includeData: query.includeData ?? true,
    paginationForward: query.paginationForward ?? true,
    pubsubTopic: query.pubsubTopic,
    ...(query.contentTopics !== undefined && query.contentTopics.length > 0 && { contentTopics: query.contentTopics }),
    timeStart: query.timeStart?.toString(),
    timeEnd: query.timeEnd?.toString(),
    ...(query.messageHashes !== undefined && query.messageHashes.length > 0 && { messageHashes: query.messageHashes }),
    paginationCursor: query.paginationCursor,
    paginationLimit: query.paginationLimit
  })
}

/**
 * Reads the library's answer to a query. Bytes come as arrays of numbers, four characters for each; they are read one
 * by one, with turns for the event loop in between, and the rest as JSON.
 *
 * @param peer - that was asked, for errors.
 * @throws {WakuError} `WAKU_STORE_FAILED`, `WAKU_PEER_UNREACHABLE`, `WAKU_MALFORMED_REPLY`, `WAKU_LIBRARY_ERROR`
 */
export async function readStorePage (reply: Reply, requestId: string, peer: string): Promise<StorePage> {
  if (reply.code !== 0) throw storeFailure(failureText(reply, operation), peer)
  const { text, arrays } = await takeOutArrays(Buffer.from(reply.bytes.buffer, reply.bytes.byteOffset, reply.bytes.byteLength))
  const response = parseResponse(text)
  if (response.statusCode !== 200) throw storeFailed(response.statusCode ?? 0, response.statusDesc ?? '')
  if (response.requestId !== requestId || !Array.isArray(response.messages)) throw malformed()
  const cursor = unwrap(response.paginationCursor)
  return {
    messages: response.messages.map((each) => readStoredMessage(each, arrays)),
    ...(isMessageHash(cursor) && { paginationCursor: cursor })
  }
}

/** Replaces each array of bytes by its number. */
async function takeOutArrays (json: Buffer): Promise<{ text: string, arrays: Uint8Array[] }> {
  const arrays: Uint8Array[] = []
  const parts: string[] = []
  let at = 0
  let turnedAt = 0
  const next = arrayStarts.map((start) => json.indexOf(start))
  for (;;) {
    const which = next.reduce((best, position, index) => position !== -1 && (best === -1 || position < (next[best] as number)) ? index : best, -1)
    if (which === -1) break
    const start = arrayStarts[which] as Buffer
    const from = next[which] as number + start.length
    const to = json.indexOf(']', from)
    if (to === -1) throw malformed()
    parts.push(json.toString('utf8', at, from - 1), String(arrays.length))
    arrays.push(readNumbers(json, from, to))
    at = to + 1
    next[which] = json.indexOf(start, at)
    if (at - turnedAt > bytesPerTurn) {
      await turn()
      turnedAt = at
    }
  }
  parts.push(json.toString('utf8', at))
  return { text: parts.join(''), arrays }
}

function readNumbers (json: Buffer, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array((to - from + 1) >> 1)
  let count = 0
  let value = 0
  for (let at = from; at < to; at++) {
    const digit = json[at] as number
    if (digit === comma) {
      bytes[count++] = value
      value = 0
    } else if (digit >= zero && digit <= zero + 9) {
      value = value * 10 + digit - zero
    }
  }
  if (to > from) bytes[count++] = value
  return bytes.slice(0, count)
}

/** C writes what may be absent as the insides of a type of its own, by accident. */
type Wrapped<T> = T | null | undefined | { readonly oResultPrivate: boolean, readonly vResultPrivate?: T }

interface Response {
  readonly requestId?: string
  readonly statusCode?: number
  readonly statusDesc?: string
  readonly messages?: StoredFields[]
  readonly paginationCursor?: Wrapped<string>
}

interface StoredFields {
  readonly messageHash?: string
  readonly message?: Wrapped<MessageFields>
  readonly pubsubTopic?: Wrapped<string>
}

/** Bytes by their number in the list of arrays. */
interface MessageFields extends Record<'payload' | 'meta' | 'proof', number | undefined> {
  readonly contentTopic?: string
  readonly version?: number
  readonly timestamp?: string
  readonly ephemeral?: boolean
}

function unwrap<T> (value: Wrapped<T>): T | undefined {
  if (typeof value === 'object' && value !== null && 'oResultPrivate' in value) return value.oResultPrivate ? value.vResultPrivate : undefined
  return value ?? undefined
}

function parseResponse (text: string): Response {
  try {
    // Nanoseconds exceed what JSON.parse keeps.
    return JSON.parse(text.replace(/([{,])"timestamp":(-?\d+)/g, '$1"timestamp":"$2"')) as Response
  } catch (error) {
    throw malformed(error)
  }
}

function readStoredMessage ({ messageHash, message, pubsubTopic }: StoredFields, arrays: readonly Uint8Array[]): StoredMessage {
  if (!isMessageHash(messageHash)) throw malformed()
  const [fields, topic] = [unwrap(message), unwrap(pubsubTopic)]
  if (fields === undefined || topic === undefined) return { messageHash }
  return { messageHash, message: readMessage(fields, arrays), pubsubTopic: topic }
}

function readMessage (fields: MessageFields, arrays: readonly Uint8Array[]): WakuMessage {
  const bytesOf = (index: number | undefined): Uint8Array => arrays[index ?? -1] ?? new Uint8Array()
  const { payload, meta, proof, contentTopic, version = 0, timestamp = '0', ephemeral = false } = fields
  if (contentTopic === undefined) throw malformed()
  return { payload: bytesOf(payload), contentTopic, version, timestamp: BigInt(timestamp), ephemeral, meta: bytesOf(meta), proof: bytesOf(proof) }
}

/** The codes of a store's answers, by the names that the library puts before what the store said. */
const statusCodes: Readonly<Record<string, number>> = { BAD_RESPONSE: 300, BAD_REQUEST: 400, TOO_MANY_REQUESTS: 429, SERVICE_UNAVAILABLE: 503 }

function storeFailure (text: string, peer: string): WakuError {
  const reason = text.replace(/^StoreRequest failed store query: /, '').replace(/^storeQuery failed: /, '')
  // Without the store's own BAD_RESPONSE behind it, it is what the library itself makes of a stream that ended early.
  if (/^PEER_DIAL_FAILURE|failed to parse peer addr|^BAD_RESPONSE: (?!BAD_RESPONSE)/.test(reason)) {
    return new WakuError('WAKU_PEER_UNREACHABLE', `cannot ask ${peer}: ${reason}`, { peer, reason })
  }
  const [, name = '', statusDesc = ''] = /^([A-Z_]+)(?:: )?(.*)$/s.exec(reason) ?? []
  const statusCode = statusCodes[name]
  return statusCode === undefined ? libraryError('waku_store_query', reason) : storeFailed(statusCode, statusDesc)
}

function storeFailed (statusCode: number, statusDesc: string): WakuError<'WAKU_STORE_FAILED'> {
  return new WakuError('WAKU_STORE_FAILED', `the store answered ${statusCode}: ${statusDesc}`, { statusCode, statusDesc })
}

function malformed (cause?: unknown): WakuError<'WAKU_MALFORMED_REPLY'> {
  return new WakuError('WAKU_MALFORMED_REPLY', "the library's answer to a store query cannot be read", { operation }, { cause })
}
