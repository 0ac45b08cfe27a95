import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packMessages, unpackMessages } from '../../src/archive/packed-messages.js'
import { hashToHex } from '../../src/message.js'
import { makeMessage } from '../helpers/make-message.js'

const message = fc.record({
  payload: fc.uint8Array({ maxLength: 300 }),
  contentTopic: fc.string({ unit: 'binary' }),
  pubsubTopic: fc.string({ unit: 'binary' }),
  version: fc.nat(0xffff_ffff),
  timestamp: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  meta: fc.uint8Array({ maxLength: 64 }),
  hash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => hashToHex(bytes))
}).map(makeMessage)

describe('packMessages', () => {
  it.each([true, false])('is undone by unpackMessages with copy: %j', (copy) => {
    fc.assert(fc.property(fc.array(message), (messages) => {
      expect(unpackMessages(packMessages(messages), { copy })).toEqual(messages)
    }))
  })

  it('names each topic once', () => {
    const { topics } = packMessages([1n, 2n, 3n].map((timestamp) => makeMessage({ timestamp })))
    expect(topics).toEqual(['/waku/2/rs/16/32', '/test/1/a/proto'])
  })

  it('gives copies that share no memory', () => {
    const packed = packMessages([makeMessage()])
    const [copied] = unpackMessages(packed, { copy: true })
    new Uint8Array(packed.bytes).fill(0)
    expect(Buffer.from(copied?.message.payload ?? []).toString()).toBe('hello')
  })
})
