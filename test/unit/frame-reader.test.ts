import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameReader } from '../../src/backends/process/frame-reader.js'

interface Frame { readonly kind: number, readonly body: Buffer }

const anyBody = fc.oneof({ weight: 5, arbitrary: fc.uint8Array({ maxLength: 100 }) }, { weight: 1, arbitrary: fc.nat({ max: 700_000 }).map((length) => new Uint8Array(length).fill(length)) })
const anyFrame: fc.Arbitrary<Frame> = fc.record({ kind: fc.nat({ max: 1 }), body: anyBody.map((bytes) => Buffer.from(bytes)) })

function write ({ kind, body }: Frame): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32LE(kind, 0)
  header.writeUInt32LE(body.length, 4)
  return Buffer.concat([header, body])
}

function startReader (): { reader: FrameReader, frames: Frame[] } {
  const frames: Frame[] = []
  return { frames, reader: new FrameReader((kind, body) => frames.push({ kind, body: Buffer.from(body) })) }
}

describe('frames', () => {
  test('come as they were sent, wherever what is read is cut', () => {
    fc.assert(fc.property(fc.array(anyFrame, { maxLength: 8 }), fc.infiniteStream(fc.integer({ min: 1, max: 300_000 })), (sent, lengths) => {
      const { reader, frames } = startReader()
      const whole = Buffer.concat(sent.map(write))
      for (let at = 0; at < whole.length;) {
        const room = reader.room()
        expect(room.length).toBeGreaterThan(0)
        const length = Math.min(lengths.next().value as number, room.length, whole.length - at)
        whole.copy(room, 0, at, at + length)
        reader.filled(length)
        at += length
      }
      expect(frames.map(({ kind }) => kind)).toEqual(sent.map(({ kind }) => kind))
      frames.forEach(({ body }, index) => { expect(body.equals((sent[index] as Frame).body)).toBe(true) })
    }), { numRuns: 50 })
  })

  test('come in order from what was read elsewhere', () => {
    const { reader, frames } = startReader()
    const sent = [10, 0, 900_000, 1].map((length, index) => ({ kind: index % 2, body: Buffer.alloc(length, index) }))
    const whole = Buffer.concat(sent.map(write))
    for (let at = 0; at < whole.length; at += 65_536) reader.push(whole.subarray(at, at + 65_536))
    expect(frames.map(({ kind, body }) => [kind, body.length])).toEqual(sent.map(({ kind, body }) => [kind, body.length]))
    expect(frames.every(({ body }, index) => body.equals((sent[index] as Frame).body))).toBe(true)
  })

  test('that are large leave no large memory behind', () => {
    const { reader, frames } = startReader()
    reader.push(write({ kind: 0, body: Buffer.alloc(20_000_000) }))
    reader.push(write({ kind: 0, body: Buffer.alloc(10) }))
    expect(frames).toHaveLength(2)
    expect(reader.room().buffer.byteLength).toBeLessThan(1_000_000)
  })
})
