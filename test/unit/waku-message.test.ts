import { proto_message as oracle } from '@waku/proto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WakuMessage } from '../../src/message.js'
import { decodeWakuMessage, encodeWakuMessage, sizeOfWakuMessage } from '../../src/wire/waku-message.js'
import fixtures from '../fixtures/wire-messages.json' with { type: 'json' }
import { wakuMessage } from '../helpers/arbitraries.js'
import { chunk, fieldsOf, hex, number } from '../helpers/protobuf-bytes.js'

const malformed = expect.objectContaining({ code: 'WAKU_MALFORMED_REPLY' }) as Error

const vectors = fixtures.wakuMessages.map(({ name, message, bytes }) => ({
  name,
  bytes: hex(bytes),
  message: { ...message, payload: hex(message.payload), meta: hex(message.meta), proof: hex(message.proof), timestamp: BigInt(message.timestamp) }
}))

test.each(vectors)('$name is encoded to the byte as nwaku does', ({ message, bytes }) => {
  expect(Buffer.from(encodeWakuMessage(message)).toString('hex')).toBe(Buffer.from(bytes).toString('hex'))
})

test.each(vectors)('$name is decoded from the bytes of nwaku', ({ message, bytes }) => {
  expect(decodeWakuMessage(bytes)).toEqual(message)
})

test('a message without proof ends in an empty meta, an empty proof and ephemeral as nwaku writes them', () => {
  fc.assert(fc.property(wakuMessage, (message) => {
    const bytes = encodeWakuMessage({ ...message, meta: new Uint8Array(), proof: new Uint8Array(), ephemeral: false })
    expect(Buffer.from(bytes.subarray(-8)).toString('hex')).toBe('5a00aa0100f80100')
    expect(fieldsOf(bytes).map(({ id }) => id)).toEqual([1, 2, 3, 10, 11, 21, 31])
  }))
})

test('every message survives encoding and decoding', () => {
  fc.assert(fc.property(wakuMessage, (message) => {
    expect(decodeWakuMessage(encodeWakuMessage(message))).toEqual(message)
  }))
})

test('the computed size is that of the encoded message', () => {
  fc.assert(fc.property(wakuMessage, (message) => {
    expect(sizeOfWakuMessage(message)).toBe(encodeWakuMessage(message).byteLength)
  }), { numRuns: 500 })
})

test('js-waku reads what is encoded here', () => {
  fc.assert(fc.property(wakuMessage, (message) => {
    // Its runtime reads some times before 1970 wrong.
    fc.pre(message.timestamp >= 0n)
    const { payload, contentTopic, version, timestamp, meta, ephemeral } = message
    // js-waku takes the proof for a message of its own.
    expect(oracle.WakuMessage.decode(encodeWakuMessage({ ...message, proof: new Uint8Array() })))
      .toMatchObject({ payload, contentTopic, version, timestamp, meta, ephemeral })
  }))
})

test('what js-waku encodes is read here', () => {
  fc.assert(fc.property(wakuMessage, (message) => {
    // Its runtime writes some times before 1970 wrong.
    fc.pre(message.timestamp >= 0n)
    const { payload, contentTopic, version, timestamp, meta, ephemeral } = message
    // js-waku leaves an empty payload and an empty topic out, which nwaku refuses.
    fc.pre(payload.byteLength > 0 && contentTopic !== '')
    expect(decodeWakuMessage(oracle.WakuMessage.encode({ payload, contentTopic, version, timestamp, meta, ephemeral }))).toEqual({ ...message, proof: new Uint8Array() })
  }))
})

test.each([-(2n ** 63n), -(2n ** 53n), -(2n ** 32n), -1n, 0n, 1n, 2n ** 32n, 2n ** 63n - 1n])('the timestamp %i is read as it was written', (timestamp) => {
  const message: WakuMessage = { payload: new Uint8Array(), contentTopic: '', version: 0, timestamp, ephemeral: false, meta: new Uint8Array(), proof: new Uint8Array() }
  expect(decodeWakuMessage(encodeWakuMessage(message)).timestamp).toBe(timestamp)
})

test('absent fields have their defaults', () => {
  const expected: WakuMessage = { payload: new Uint8Array(), contentTopic: 't', version: 0, timestamp: 0n, ephemeral: false, meta: new Uint8Array(), proof: new Uint8Array() }
  expect(decodeWakuMessage(Buffer.concat([chunk(1, ''), chunk(2, 't')]))).toEqual(expected)
})

test.each([[1, 'payload'], [2, 'content topic']])('a message without field %i, its %s, is malformed', (id) => {
  const bytes = Buffer.concat([chunk(1, 'p'), chunk(2, 't'), number(3, 0)].filter((field) => (field[0] as number) >> 3 !== id))
  expect(() => decodeWakuMessage(bytes)).toThrow(malformed)
})

test('fields with another wire type than theirs are skipped', () => {
  const bytes = Buffer.concat([number(1, 7), chunk(1, 'p'), chunk(2, 't'), number(2, 5), chunk(3, 'three'), chunk(10, 'ten'), number(11, 11), number(21, 1), chunk(31, '1')])
  expect(decodeWakuMessage(bytes)).toMatchObject({ payload: Uint8Array.of(112), contentTopic: 't', version: 0, timestamp: 0n, ephemeral: false })
})

test('of a field that comes twice the last counts', () => {
  expect(decodeWakuMessage(Buffer.concat([chunk(1, 'a'), chunk(2, 'old'), chunk(2, 'new')])).contentTopic).toBe('new')
})

test('unknown fields are skipped, groups inside groups too', () => {
  const group = Buffer.concat([Uint8Array.of(0x4b), Uint8Array.of(0x53), number(1, 1), Uint8Array.of(0x54), Uint8Array.of(0x4c)])
  expect(decodeWakuMessage(Buffer.concat([group, chunk(1, 'a'), chunk(99, 'x'), chunk(2, 't')])).contentTopic).toBe('t')
})

test('a meta of 64 bytes is read and one of 65 is malformed', () => {
  const withMeta = (size: number): Uint8Array => Buffer.concat([chunk(1, ''), chunk(2, 't'), chunk(11, new Uint8Array(size))])
  expect(decodeWakuMessage(withMeta(64)).meta).toHaveLength(64)
  expect(() => decodeWakuMessage(withMeta(65))).toThrow(malformed)
})

test('a content topic that is not UTF-8 is malformed, because any replacement would change the hash', () => {
  expect(() => decodeWakuMessage(Buffer.concat([chunk(1, ''), chunk(2, Uint8Array.of(0xc3, 0x28))]))).toThrow(malformed)
})

test('a decoded message keeps nothing of the buffer it came in', () => {
  const bytes = Buffer.concat([chunk(1, 'payload'), chunk(2, 't'), chunk(11, 'meta'), chunk(21, 'proof')])
  const message = decodeWakuMessage(bytes)
  bytes.fill(0)
  expect([message.payload, message.meta, message.proof].map((field) => new TextDecoder().decode(field))).toEqual(['payload', 'meta', 'proof'])
})
