import { proto_store as oracle } from '@waku/proto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MessageHash } from '../../src/message.js'
import type { StoredMessage } from '../../src/store.js'
import { decodeStoreQueryRequest, decodeStoreQueryResponse, encodeStoreQueryRequest, encodeStoreQueryResponse, type StoreQueryResponse } from '../../src/wire/store-query.js'
import fixtures from '../fixtures/wire-messages.json' with { type: 'json' }
import { hash, int64, text, uint32, wakuMessage } from '../helpers/arbitraries.js'
import { chunk, hex, number } from '../helpers/protobuf-bytes.js'

const malformed = expect.objectContaining({ code: 'WAKU_MALFORMED_REPLY' }) as Error
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })
const fromHash = (value: MessageHash): Uint8Array => hex(value.slice(2))

const query = fc.record({
  pubsubTopic: maybe(text),
  contentTopics: maybe(fc.array(text, { maxLength: 10 })),
  timeStart: maybe(int64),
  timeEnd: maybe(int64),
  messageHashes: maybe(fc.array(hash, { maxLength: 10 })),
  includeData: maybe(fc.boolean()),
  paginationCursor: maybe(hash),
  paginationForward: maybe(fc.boolean()),
  paginationLimit: maybe(fc.integer({ min: 1, max: 100 }))
})

const storedMessage: fc.Arbitrary<StoredMessage> = fc.oneof(
  fc.record({ messageHash: hash }),
  fc.record({ messageHash: hash, message: wakuMessage, pubsubTopic: text })
)

const response: fc.Arbitrary<StoreQueryResponse> = fc.record({
  requestId: text,
  statusCode: uint32,
  statusDesc: text,
  page: fc.tuple(fc.array(storedMessage, { maxLength: 8 }), maybe(hash))
    .map(([messages, paginationCursor]) => ({ messages, ...(paginationCursor !== undefined && { paginationCursor }) }))
})

const asStored = (messageHash: string): StoredMessage => ({ messageHash: messageHash as MessageHash })

const requestVectors = fixtures.storeRequests.map(({ query: given, ...rest }) => {
  const { timeStart, timeEnd, ...others } = given as Record<string, unknown>
  const times = { ...(timeStart !== undefined && { timeStart: BigInt(timeStart as string) }), ...(timeEnd !== undefined && { timeEnd: BigInt(timeEnd as string) }) }
  return { ...rest, query: { ...others, ...times } }
})

const responseVectors = fixtures.storeResponses.map(({ messages, paginationCursor, ...rest }) => ({
  ...rest,
  page: { messages: messages.map(asStored), ...(paginationCursor !== undefined && { paginationCursor: paginationCursor as MessageHash }) }
}))

test.each(requestVectors)('a request for $name is encoded to the byte', ({ requestId, query: given, bytes }) => {
  expect(Buffer.from(encodeStoreQueryRequest(requestId, given)).toString('hex')).toBe(bytes.replaceAll(' ', ''))
})

test.each(responseVectors)('a response with $name is encoded to the byte', ({ bytes, ...given }) => {
  expect(Buffer.from(encodeStoreQueryResponse(given)).toString('hex')).toBe(bytes.replaceAll(' ', ''))
})

test.each(responseVectors)('a response with $name is read', ({ bytes, name, ...expected }) => {
  expect(decodeStoreQueryResponse(hex(bytes)), name).toEqual(expected)
})

test('every request is read as it was meant, by this node and by js-waku', () => {
  fc.assert(fc.property(text, query, (requestId, given) => {
    const expected = {
      requestId,
      includeData: given.includeData ?? true,
      contentTopics: given.contentTopics ?? [],
      messageHashes: (given.messageHashes ?? []).map(fromHash),
      paginationForward: given.paginationForward ?? true,
      pubsubTopic: given.pubsubTopic,
      timeStart: given.timeStart,
      timeEnd: given.timeEnd,
      paginationCursor: given.paginationCursor === undefined ? undefined : fromHash(given.paginationCursor),
      paginationLimit: given.paginationLimit === undefined ? undefined : BigInt(given.paginationLimit)
    }
    const bytes = encodeStoreQueryRequest(requestId, given)
    expect(plain(decodeStoreQueryRequest(bytes))).toEqual(expected)
    // Its runtime reads some times before 1970 wrong.
    if ((given.timeStart ?? 0n) >= 0n && (given.timeEnd ?? 0n) >= 0n) expect(plain(oracle.StoreQueryRequest.decode(bytes))).toEqual(expected)
  }))
})

test('every response survives encoding and decoding', () => {
  fc.assert(fc.property(response, (given) => {
    expect(decodeStoreQueryResponse(encodeStoreQueryResponse(given))).toEqual(given)
  }))
})

test('js-waku reads the responses of this node', () => {
  fc.assert(fc.property(response, (given) => {
    const read = oracle.StoreQueryResponse.decode(encodeStoreQueryResponse({
      ...given,
      // js-waku takes the proof for a message of its own.
      page: { ...given.page, messages: given.page.messages.map(({ message, ...rest }) => ({ ...rest, message: message === undefined ? undefined : { ...message, proof: new Uint8Array() } })) }
    }))
    expect(read).toMatchObject({ requestId: given.requestId, statusCode: given.statusCode, statusDesc: given.statusDesc })
    expect(read.messages.map(({ messageHash }) => messageHash)).toEqual(given.page.messages.map(({ messageHash }) => fromHash(messageHash)))
  }))
})

test.each([1, 10, 11])('a response without field %i is malformed', (id) => {
  const fields = [chunk(1, 'id'), number(10, 200), chunk(11, '')]
  const bytes = Buffer.concat(fields.filter((field) => (field[0] as number) >> 3 !== id))
  expect(() => decodeStoreQueryResponse(bytes)).toThrow(malformed)
})

test('a page of 100 messages is read and one of 101 is malformed', () => {
  const entry = chunk(20, chunk(1, new Uint8Array(32)))
  const page = (count: number): Uint8Array => Buffer.concat([chunk(1, ''), number(10, 200), chunk(11, ''), ...Array.from({ length: count }, () => entry)])
  expect(decodeStoreQueryResponse(page(100)).page.messages).toHaveLength(100)
  expect(() => decodeStoreQueryResponse(page(101))).toThrow(malformed)
})

test.each([0, 31, 33])('a message hash of %i bytes is malformed', (size) => {
  const bytes = Buffer.concat([chunk(1, ''), number(10, 200), chunk(11, ''), chunk(20, chunk(1, new Uint8Array(size)))])
  expect(() => decodeStoreQueryResponse(bytes)).toThrow(malformed)
})

test('an empty cursor stands for none', () => {
  expect(decodeStoreQueryResponse(Buffer.concat([chunk(1, ''), number(10, 200), chunk(11, ''), chunk(51, '')])).page).toEqual({ messages: [] })
})

test('a message without its pubsub topic is not told, as nwaku reads it', () => {
  const entry = Buffer.concat([chunk(1, new Uint8Array(32)), chunk(2, Buffer.concat([chunk(1, 'p'), chunk(2, 't')]))])
  const { page } = decodeStoreQueryResponse(Buffer.concat([chunk(1, ''), number(10, 200), chunk(11, ''), chunk(20, entry)]))
  expect(page.messages).toEqual([{ messageHash: `0x${'00'.repeat(32)}` }])
})

/** Copies what may be an object of another prototype, or hold views of another buffer. */
function plain (value: object): object {
  return Object.fromEntries(Object.entries(value).map(([key, entry]: [string, unknown]) =>
    [key, entry instanceof Uint8Array ? new Uint8Array(entry) : Array.isArray(entry) ? entry.map((each: unknown) => each instanceof Uint8Array ? new Uint8Array(each) : each) : entry]))
}
