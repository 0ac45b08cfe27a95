import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWakuError } from '../../src/errors.js'
import { decodeMetadata, encodeMetadata } from '../../src/wire/metadata.js'
import { decodeStoreQueryRequest, decodeStoreQueryResponse, encodeStoreQueryRequest, encodeStoreQueryResponse } from '../../src/wire/store-query.js'
import { decodeWakuMessage, encodeWakuMessage } from '../../src/wire/waku-message.js'
import { chunk } from '../helpers/protobuf-bytes.js'

/** Each decoder with bytes that it takes. */
const message = { payload: Buffer.from('payload'), contentTopic: '/app/1/name/proto', version: 1, timestamp: 1_700_000_000_000_000_000n, ephemeral: true, meta: Buffer.from('meta'), proof: Buffer.from('proof') }
const hash = `0x${'ab'.repeat(32)}` as const
const decoders = [
  { name: 'WakuMessage', decode: decodeWakuMessage, valid: encodeWakuMessage(message) },
  { name: 'metadata', decode: decodeMetadata, valid: Buffer.concat([encodeMetadata({ clusterId: 16, shards: [1, 2, 300] }), chunk(3, Uint8Array.of(1, 2))]) },
  {
    name: 'store request',
    decode: decodeStoreQueryRequest,
    valid: encodeStoreQueryRequest('request', { pubsubTopic: '/waku/2/rs/16/1', contentTopics: ['/a/1/b/c', '/a/1/d/c'], timeStart: 1n, timeEnd: 2n ** 62n, messageHashes: [hash], paginationCursor: hash, paginationLimit: 50 })
  },
  {
    name: 'store response',
    decode: decodeStoreQueryResponse,
    valid: encodeStoreQueryResponse({ requestId: 'request', statusCode: 200, statusDesc: 'OK', page: { messages: [{ messageHash: hash, message, pubsubTopic: '/waku/2/rs/16/1' }, { messageHash: hash }], paginationCursor: hash } })
  }
]

const numRuns = 5000

describe.each(decoders)('the decoder of a $name', ({ decode, valid }) => {
  const returnsOrRefuses = (bytes: Uint8Array): void => {
    try {
      decode(bytes)
    } catch (error) {
      if (!isWakuError(error, 'WAKU_MALFORMED_REPLY')) throw error
    }
  }

  test('takes the bytes from which the hostile ones are made', () => {
    expect(() => decode(valid)).not.toThrow()
  })

  test('returns or tells WAKU_MALFORMED_REPLY for random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), returnsOrRefuses), { numRuns })
  })

  test('returns or tells WAKU_MALFORMED_REPLY wherever it is cut off', () => {
    for (let length = 0; length < valid.byteLength; length++) returnsOrRefuses(valid.subarray(0, length))
  })

  test('returns or tells WAKU_MALFORMED_REPLY whichever bit is flipped', () => {
    for (let bit = 0; bit < valid.byteLength * 8; bit++) {
      const bytes = Uint8Array.from(valid)
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ 1 << (bit & 7)
      returnsOrRefuses(bytes)
    }
  })

  test('returns or tells WAKU_MALFORMED_REPLY for valid bytes with some replaced, removed, repeated and put in', () => {
    const edit = fc.record({ at: fc.nat({ max: valid.byteLength }), remove: fc.nat({ max: 8 }), insert: fc.uint8Array({ maxLength: 12 }) })
    fc.assert(fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      returnsOrRefuses(edits.reduce<Uint8Array>((bytes, { at, remove, insert }) =>
        Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]), valid))
    }), { numRuns })
  })

  test.each([
    ['groups inside groups', new Uint8Array(1_000_000).fill(0x0b)],
    ['lengths near 2^32', Buffer.concat(Array.from({ length: 1000 }, () => Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f)))],
    ['endless varints', new Uint8Array(1_000_000).fill(0xff)],
    ['a million empty fields', Buffer.concat(Array.from({ length: 500_000 }, () => Uint8Array.of(0x7a, 0x00)))],
    ['a million list entries', Buffer.concat(Array.from({ length: 1_000_000 }, () => Uint8Array.of(0xa2, 0x01, 0x00)))],
    ['messages inside messages', Array.from({ length: 2000 }).reduce<Uint8Array>((inner) => chunk(20, inner), new Uint8Array())]
  ])('answers within a second to %s', (_, bytes) => {
    const startedAt = performance.now()
    returnsOrRefuses(bytes)
    expect(performance.now() - startedAt).toBeLessThan(1000)
  })
})
