import fc from 'fast-check'
import type { MessageHash, WakuMessage } from '../../src/message.js'

/** Values of every kind that goes over the wire, for property tests. */

/** A text that UTF-8 can carry. */
export const text = fc.string({ unit: 'binary', maxLength: 40 })

export const bytes = fc.uint8Array({ maxLength: 80 })

export const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })

export const uint32 = fc.oneof(fc.nat({ max: 300 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }))

export const hash: fc.Arbitrary<MessageHash> = fc.uint8Array({ minLength: 32, maxLength: 32 })
  .map((value) => `0x${Buffer.from(value).toString('hex')}` as const)

export const wakuMessage: fc.Arbitrary<WakuMessage> = fc.record({
  payload: fc.oneof(bytes, fc.uint8Array({ maxLength: 20_000, size: 'max' })),
  contentTopic: text,
  version: uint32,
  timestamp: int64,
  ephemeral: fc.boolean(),
  meta: fc.uint8Array({ maxLength: 64 }),
  proof: bytes
})

/** Part of a topic: anything but a slash, at least one character. */
export const topicPart = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((part) => !part.includes('/'))
