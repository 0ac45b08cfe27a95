import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isWakuError } from '../../src/errors.js'
import { messageFromJson, messageToJson } from '../../src/wire/message-json.js'
import { int64, wakuMessage } from '../helpers/arbitraries.js'

const none = new Uint8Array()
const message = { payload: Buffer.from('hi'), contentTopic: '/a/1/b/c', version: 0, timestamp: 1_700_000_000_123_456_789n, ephemeral: false, meta: none, proof: none }
const invalid = expect.objectContaining({ code: 'WAKU_INVALID_ARGUMENT' }) as Error

test('a message is written as nwaku does, the timestamp with every digit and empty fields left out', () => {
  expect(messageToJson(message)).toBe('{"payload":"aGk=","contentTopic":"/a/1/b/c","version":0,"timestamp":1700000000123456789,"ephemeral":false}')
})

test('every message survives being written and read', () => {
  fc.assert(fc.property(wakuMessage, (given) => {
    const { meta = none, proof = none, ...read } = messageFromJson(messageToJson(given))
    expect({ ...read, meta, proof }).toEqual(given)
  }))
})

test('every timestamp of 64 bits is exact, as a number and as a text', () => {
  fc.assert(fc.property(int64, (timestamp) => {
    for (const literal of [`${timestamp}`, `"${timestamp}"`]) {
      expect(messageFromJson(`{"payload":"","contentTopic":"/a/1/b/c","timestamp":${literal}}`).timestamp).toBe(timestamp)
    }
  }))
})

test('what JSON.parse reads is the same but for the timestamp', () => {
  fc.assert(fc.property(wakuMessage, (given) => {
    const parsed = JSON.parse(messageToJson(given)) as Record<string, unknown>
    expect(parsed).toMatchObject({ contentTopic: given.contentTopic, version: given.version, ephemeral: given.ephemeral, payload: Buffer.from(given.payload).toString('base64') })
  }))
})

test('any text is a message or an invalid argument', () => {
  const key = fc.constantFrom('payload', 'contentTopic', 'version', 'timestamp', 'ephemeral', 'meta', 'proof', '__proto__')
  const object = fc.dictionary(key, fc.jsonValue()).map((value) => JSON.stringify({ payload: '', contentTopic: '/a/1/b/c', ...value }))
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), object), (json) => {
    try {
      messageFromJson(json)
    } catch (error) {
      if (!isWakuError(error, 'WAKU_INVALID_ARGUMENT')) throw error
    }
  }), { numRuns: 1000 })
})

test.each([
  '', 'null', '[]', '"x"', '{}', '{"payload":"a","contentTopic":"/a/1/b/c"}', '{"payload":"aGk","contentTopic":"/a/1/b/c"}', '{"payload":"aGk=","contentTopic":1}',
  '{"payload":"","contentTopic":"","timestamp":1.5}', '{"payload":"","contentTopic":"","timestamp":null}', '{"payload":"","contentTopic":"","version":"1"}', '{"payload":"","contentTopic":"","ephemeral":1}'
])('%s is refused', (json) => {
  expect(() => messageFromJson(json)).toThrow(invalid)
})
