import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readBatch, readHeader, type Item } from '../../src/backends/libwaku/drivers/batch.js'

const kinds = ['reply', 'event', 'dropped', 'message'] as const

const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
const anyCommon = { code: fc.integer(), id: fc.maxSafeNat(), bytes: anyBytes }
const anyItem: fc.Arbitrary<Item> = fc.oneof(
  fc.record({ kind: fc.constantFrom('reply', 'event', 'dropped'), ...anyCommon }),
  fc.record({ kind: fc.constant('message' as const), ...anyCommon, payload: anyBytes })
)

function writeUint64 (value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

const numReplies = (items: readonly Item[]): number => items.filter(({ kind }) => kind === 'reply').length

/** The form of `wb_batch_prepare` in bridge.h, written independently of the reader. */
function write (items: readonly Item[], comeAgainMs?: number): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt32LE(items.length, 0)
  header.writeUInt32LE(comeAgainMs ?? 0xffffffff, 4)
  header.writeUInt32LE(numReplies(items), 8)
  return Buffer.concat([header, ...items.flatMap(({ kind, code, id, bytes, payload }) => {
    const body = payload === undefined ? bytes : Buffer.concat([writeUint64(bytes.length), bytes, payload])
    const head = Buffer.alloc(8)
    head.writeUInt32LE(kinds.indexOf(kind), 0)
    head.writeInt32LE(code, 4)
    return [head, writeUint64(id), writeUint64(body.length), body]
  })])
}

describe('a batch', () => {
  it('is read as it was written, whatever is in it', () => {
    fc.assert(fc.property(fc.array(anyItem, { maxLength: 64 }), fc.option(fc.nat(100), { nil: undefined }), (items, comeAgainMs) => {
      const batch = write(items, comeAgainMs)
      expect(readBatch(batch)).toEqual(items)
      expect(readHeader(batch)).toEqual({ numItems: items.length, comeAgainMs, numReplies: numReplies(items) })
    }))
  })

  it('with an item of an unknown kind is refused', () => {
    const batch = write([{ kind: 'reply', code: 0, id: 1, bytes: Buffer.alloc(0) }])
    batch.writeUInt32LE(4, 12)
    expect(() => readBatch(batch)).toThrow('unknown kind')
  })

  it('that ends early is refused', () => {
    const batch = write([{ kind: 'reply', code: 0, id: 1, bytes: Buffer.alloc(0) }])
    for (let length = 0; length < batch.length; length++) expect(() => readBatch(batch.subarray(0, length)), `${length} bytes`).toThrow()
  })
})
