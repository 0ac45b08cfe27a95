import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodePayload, encodePayload } from '../../src/node-process/chat-payload.js'
import { limits } from '../../src/shared/ipc.js'

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

describe('what travels', () => {
  test('is read as it was written', () => {
    const payload = { nick: 'anna', text: 'two\nlines and 👩‍👩‍👧', id: 'a-unique-id' }
    expect(decodePayload(encodePayload(payload))).toEqual(payload)
  })

  test('is read without an id, as the command line writes it', () => {
    expect(decodePayload(bytesOf({ nick: 'terminal', text: 'hello' }))).toEqual({ nick: 'terminal', text: 'hello', id: null })
  })

  test('is cut to what is allowed, and freed of what hides or turns text', () => {
    const read = decodePayload(bytesOf({ nick: `  a\u202eb${'c'.repeat(100)}`, text: `x\u0000\u202e${'y'.repeat(10_000)}`, id: 'no id at all!' }))
    expect(read?.nick).toHaveLength(limits.nameLength)
    expect(read?.text).toHaveLength(limits.textLength)
    for (const hidden of ['\u0000', '\u202e']) expect(`${read?.nick ?? ''}${read?.text ?? ''}`).not.toContain(hidden)
    expect(read?.id).toBeNull()
  })

  test('is no message when it is anything else', () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array(), fc.json().map((json) => new TextEncoder().encode(json))), (bytes) => {
      const read = decodePayload(bytes)
      if (read !== undefined) expect([read.nick, read.text.trim()]).not.toContain('')
    }))
    for (const value of [null, [], 'text', { nick: 'x' }, { nick: 1, text: 'x' }, { nick: ' ', text: 'x' }, { nick: 'x', text: ' \n ' }]) expect(decodePayload(bytesOf(value)), JSON.stringify(value)).toBeUndefined()
  })
})
