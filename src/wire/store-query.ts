import { WakuError } from '../errors.js'
import { hashFromHex, hashToHex } from '../message.js'
import { maxPageSize, type StoredMessage, type StorePage, type StoreQuery } from '../store.js'
import { decode, encode, optional, repeated, required, schema, type Message } from './protobuf.js'
import { completeWakuMessage, wakuMessage } from './waku-message.js'

/** How many content topics or hashes of a request are read; nwaku sets no bound, a page has 100 messages. */
const maxListEntries = 1000

const storeQueryRequest = schema('StoreQueryRequest', {
  requestId: required(1, 'string'),
  includeData: optional(2, 'bool'),
  pubsubTopic: optional(10, 'string'),
  contentTopics: repeated(11, 'string', maxListEntries),
  timeStart: optional(12, 'sint64'),
  timeEnd: optional(13, 'sint64'),
  messageHashes: repeated(20, 'bytes', maxListEntries),
  paginationCursor: optional(51, 'bytes'),
  paginationForward: optional(52, 'bool'),
  paginationLimit: optional(53, 'uint64')
})

const wakuMessageKeyValue = schema('WakuMessageKeyValue', {
  messageHash: required(1, 'bytes'),
  message: optional(2, wakuMessage),
  pubsubTopic: optional(3, 'string')
})

const storeQueryResponse = schema('StoreQueryResponse', {
  requestId: required(1, 'string'),
  statusCode: required(10, 'uint32'),
  statusDesc: required(11, 'string'),
  messages: repeated(20, wakuMessageKeyValue, maxPageSize),
  paginationCursor: optional(51, 'bytes')
})

/** A store request as it came over the wire, undecided whether it makes sense. */
export type StoreQueryRequest = Message<typeof storeQueryRequest>

/** A store answer: `statusCode` 200 with a page, or another code with its reason. */
export interface StoreQueryResponse {
  readonly requestId: string
  readonly statusCode: number
  readonly statusDesc: string
  readonly page: StorePage
}

/** Encodes a store request (LIP 13). `include_data` and `pagination_forward` are always written: absent, implementations differ. */
export function encodeStoreQueryRequest (requestId: string, query: StoreQuery): Uint8Array {
  return encode(storeQueryRequest, {
    requestId,
    includeData: query.includeData ?? true,
    pubsubTopic: query.pubsubTopic,
    contentTopics: query.contentTopics ?? [],
    timeStart: query.timeStart,
    timeEnd: query.timeEnd,
    messageHashes: (query.messageHashes ?? []).map(hashFromHex),
    paginationCursor: query.paginationCursor === undefined ? undefined : hashFromHex(query.paginationCursor),
    paginationForward: query.paginationForward ?? true,
    paginationLimit: query.paginationLimit === undefined ? undefined : BigInt(query.paginationLimit)
  })
}

/** Decodes a store request. @throws {WakuError} `WAKU_MALFORMED_REPLY` */
export function decodeStoreQueryRequest (bytes: Uint8Array): StoreQueryRequest {
  return decode(storeQueryRequest, bytes)
}

/** Encodes a store answer; an empty `status_desc` is written too, because nwaku demands the field. */
export function encodeStoreQueryResponse ({ requestId, statusCode, statusDesc, page }: StoreQueryResponse): Uint8Array {
  return encode(storeQueryResponse, {
    requestId,
    statusCode,
    statusDesc,
    messages: page.messages.map(({ messageHash, message, pubsubTopic }) => ({ messageHash: hashFromHex(messageHash), message, pubsubTopic })),
    paginationCursor: page.paginationCursor === undefined ? undefined : hashFromHex(page.paginationCursor)
  })
}

/** Decodes a store answer. @throws {WakuError} `WAKU_MALFORMED_REPLY`, also for a hash or a cursor that is not 32 bytes. */
export function decodeStoreQueryResponse (bytes: Uint8Array): StoreQueryResponse {
  const { requestId, statusCode, statusDesc, messages, paginationCursor } = decode(storeQueryResponse, bytes)
  return {
    requestId,
    statusCode,
    statusDesc,
    page: {
      messages: messages.map(readStoredMessage),
      ...(paginationCursor !== undefined && paginationCursor.byteLength > 0 && { paginationCursor: readHash(paginationCursor) })
    }
  }
}

function readStoredMessage ({ messageHash, message, pubsubTopic }: Message<typeof wakuMessageKeyValue>): StoredMessage {
  // nwaku reads the message only when its topic is there too (LIP 13, key-value).
  return message === undefined || pubsubTopic === undefined
    ? { messageHash: readHash(messageHash) }
    : { messageHash: readHash(messageHash), message: completeWakuMessage(message), pubsubTopic }
}

function readHash (bytes: Uint8Array): `0x${string}` {
  if (bytes.byteLength !== 32) {
    throw new WakuError('WAKU_MALFORMED_REPLY', `a message hash has ${bytes.byteLength} bytes instead of 32`, { operation: 'decode StoreQueryResponse' })
  }
  return hashToHex(bytes)
}
