import { messageHashStr } from '@waku/message-hash'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { messageHash } from '../../src/message.js'
import vectors from '../fixtures/message-hashes.json' with { type: 'json' }
import { int64, text, wakuMessage } from '../helpers/arbitraries.js'
import { hex } from '../helpers/protobuf-bytes.js'

test.each(vectors.vectors)('the hash of payload "$payload" with meta "$meta" is that of the specification', ({ payload, meta, hash }) => {
  const message = { payload: hex(payload), meta: hex(meta), contentTopic: vectors.contentTopic, timestamp: BigInt(vectors.timestamp) }
  expect(messageHash(vectors.pubsubTopic, message)).toBe(`0x${hash}`)
})

test('every message has the hash that js-waku computes', () => {
  fc.assert(fc.property(text, wakuMessage, (pubsubTopic, message) => {
    // js-waku leaves a timestamp of 0 out, and cannot hash one before 1970.
    fc.pre(message.timestamp > 0n)
    expect(messageHash(pubsubTopic, message)).toBe(`0x${messageHashStr(pubsubTopic, { ...message, rateLimitProof: undefined })}`)
  }))
})

test('a timestamp of 0 is hashed as eight zero bytes, as nwaku does', () => {
  const message = { payload: new Uint8Array(), meta: new Uint8Array(8), contentTopic: '', timestamp: 0n }
  // The zero bytes stand for eight of meta here, and for the timestamp on both sides.
  expect(messageHash('', message)).toBe(messageHash('', { ...message, meta: new Uint8Array(), payload: new Uint8Array(8) }))
  expect(messageHash('', { ...message, meta: new Uint8Array() })).not.toBe(messageHash('', message))
})

test('version, ephemeral and proof are not covered by the hash', () => {
  fc.assert(fc.property(wakuMessage, wakuMessage, (message, other) => {
    const { version, ephemeral, proof } = other
    expect(messageHash('/t', { ...message, version, ephemeral, proof } as typeof message)).toBe(messageHash('/t', message))
  }))
})

test('another timestamp gives another hash', () => {
  fc.assert(fc.property(wakuMessage, int64, (message, timestamp) => {
    fc.pre(timestamp !== message.timestamp)
    expect(messageHash('/t', { ...message, timestamp })).not.toBe(messageHash('/t', message))
  }))
})
