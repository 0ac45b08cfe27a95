import { proto_metadata as oracle } from '@waku/proto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeMetadata, encodeMetadata } from '../../src/wire/metadata.js'
import fixtures from '../fixtures/wire-messages.json' with { type: 'json' }
import { chunk, hex, number } from '../helpers/protobuf-bytes.js'

const metadata = fc.record({ clusterId: fc.nat({ max: 65535 }), shards: fc.array(fc.nat({ max: 1023 }), { maxLength: 40 }) })

test.each(fixtures.metadata)('metadata of $name is encoded to the byte', ({ clusterId, shards, bytes }) => {
  expect(Buffer.from(encodeMetadata({ clusterId, shards }))).toEqual(Buffer.from(hex(bytes)))
})

test.each(fixtures.metadataRead)('metadata with $name is read', ({ clusterId, shards, bytes }) => {
  expect(decodeMetadata(hex(bytes))).toEqual({ clusterId, shards })
})

test('all metadata survives encoding and decoding', () => {
  fc.assert(fc.property(metadata, (value) => {
    expect(decodeMetadata(encodeMetadata(value))).toEqual(value)
  }))
})

test('js-waku reads what is encoded here, and the other way round', () => {
  fc.assert(fc.property(metadata, (value) => {
    expect(oracle.WakuMetadataRequest.decode(encodeMetadata(value))).toEqual(value)
    expect(decodeMetadata(oracle.WakuMetadataResponse.encode(value))).toEqual(value)
  }))
})

test.each([
  ['unpacked', (count: number) => Buffer.concat(Array.from({ length: count }, () => number(2, 1)))],
  ['packed', (count: number) => chunk(2, new Uint8Array(count).fill(1))]
])('1 024 shards are read and one more is malformed, %s', (_, shards) => {
  expect(decodeMetadata(shards(1024)).shards).toHaveLength(1024)
  expect(() => decodeMetadata(shards(1025))).toThrow(expect.objectContaining({ code: 'WAKU_MALFORMED_REPLY' }))
})

test('a packed list whose last entry reaches beyond it is malformed', () => {
  expect(() => decodeMetadata(Buffer.concat([chunk(2, Uint8Array.of(1, 0x80)), number(1, 5)]))).toThrow(expect.objectContaining({ code: 'WAKU_MALFORMED_REPLY' }))
})
