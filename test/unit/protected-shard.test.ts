import { secp256k1 } from '@noble/curves/secp256k1.js'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WakuMessage } from '../../src/message.js'
import { isSignedMessage, signMessage } from '../../src/protected-shard.js'
import { text, wakuMessage } from '../helpers/arbitraries.js'

const signingKey = '11'.repeat(32)
const publicKey = Buffer.from(secp256k1.getPublicKey(Buffer.from(signingKey, 'hex'))).toString('hex')
const recent = wakuMessage.map((message) => ({ ...message, timestamp: 1_700_000_000_000_000_000n }))
const minuteNs = 60_000_000_000n

test('a message that was signed passes, under the compressed and the uncompressed key', () => {
  const uncompressed = Buffer.from(secp256k1.getPublicKey(Buffer.from(signingKey, 'hex'), false)).toString('hex')
  fc.assert(fc.property(text, recent, (topic, message) => {
    const signed = signMessage(topic, message, signingKey)
    expect(signed.meta).toHaveLength(64)
    expect(isSignedMessage(topic, signed, publicKey, message.timestamp)).toBe(true)
    expect(isSignedMessage(topic, signed, uncompressed, message.timestamp)).toBe(true)
  }), { numRuns: 20 })
})

test('the signature covers topic, payload, content topic, the timestamp as eight bytes little-endian, and ephemeral', () => {
  const message = { payload: Buffer.from('payload'), contentTopic: '/a/1/b/c', version: 0, timestamp: 0x0102030405060708n, ephemeral: true, meta: new Uint8Array(), proof: new Uint8Array() }
  const digest = createHash('sha256').update('/waku/2/rs/1/0payload/a/1/b/c').update(Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1, 1)).digest()
  const { meta } = signMessage('/waku/2/rs/1/0', message, signingKey)
  expect(secp256k1.verify(meta, digest, Buffer.from(publicKey, 'hex'), { prehash: false })).toBe(true)
})

test('a message that was changed after it was signed does not pass', () => {
  const change = fc.constantFrom<(message: WakuMessage) => Partial<WakuMessage>>(
    ({ payload }) => ({ payload: Buffer.concat([payload, Uint8Array.of(0)]) }),
  ({ contentTopic }) => ({ contentTopic: `${contentTopic}x` }),
  ({ timestamp }) => ({ timestamp: timestamp + 1n }),
  ({ ephemeral }) => ({ ephemeral: !ephemeral }),
  ({ meta }) => ({ meta: meta.map((byte, index) => index === 40 ? byte ^ 1 : byte) })
  )
  fc.assert(fc.property(recent, change, (message, changed) => {
    const signed = signMessage('/t', message, signingKey)
    expect(isSignedMessage('/t', { ...signed, ...changed(signed) }, publicKey, message.timestamp)).toBe(false)
    expect(isSignedMessage('/u', signed, publicKey, message.timestamp)).toBe(false)
  }), { numRuns: 30 })
})

test('any 64 bytes as a signature are refused, not thrown over', () => {
  fc.assert(fc.property(recent, fc.uint8Array({ minLength: 0, maxLength: 64 }), (message, meta) => {
    expect(isSignedMessage('/t', { ...message, meta }, publicKey, message.timestamp)).toBe(false)
  }), { numRuns: 50 })
})

test.each([[0n, true], [5n * minuteNs, true], [-5n * minuteNs, true], [5n * minuteNs + 1n, false], [-5n * minuteNs - 1n, false]])('with the clock %i ns off, that it passes is %s', (difference, passes) => {
  const signed = signMessage('/t', message0, signingKey)
  expect(isSignedMessage('/t', signed, publicKey, message0.timestamp + difference)).toBe(passes)
})

test('a timestamp of 0 does not pass, however well it is signed', () => {
  expect(isSignedMessage('/t', signMessage('/t', { ...message0, timestamp: 0n }, signingKey), publicKey, 0n)).toBe(false)
})

const message0 = { payload: new Uint8Array(), contentTopic: '/a/1/b/c', version: 0, timestamp: 1_700_000_000_000_000_000n, ephemeral: false, meta: new Uint8Array(), proof: new Uint8Array() }
