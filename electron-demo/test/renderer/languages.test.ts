import { describe, expect, it } from 'vitest'
import { eventTypes, type ChatError } from '../../src/shared/ipc.js'
import { de } from '../../src/renderer/text/de.js'
import { en } from '../../src/renderer/text/en.js'
import { errorText } from '../../src/renderer/text/error-text.js'
import { eventText } from '../../src/renderer/text/event-text.js'
import { formatsOf } from '../../src/renderer/text/formats.js'

function textsOf (value: unknown, path = ''): ReadonlyArray<readonly [path: string, value: unknown]> {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, part]) => textsOf(part, `${path}.${key}`))
}

const languages = { de, en }

describe.each(Object.entries(languages))('the language %s', (_, words) => {
  it('says everything that English says, and nothing else', () => {
    expect(textsOf(words).map(([path]) => path).sort()).toEqual(textsOf(en).map(([path]) => path).sort())
  })

  it('leaves nothing empty', () => {
    for (const [path, text] of textsOf(words)) if (typeof text === 'string') expect(text.trim(), path).not.toBe('')
  })

  it('words every event, and says so of what is not known', () => {
    for (const type of eventTypes) {
      const text = eventText({ id: 1, at: 0, type, data: { peerId: null } }, words)
      expect(text, type).not.toMatch(/undefined|null/)
      expect(text.length, type).toBeGreaterThan(3)
    }
  })

  it('words errors by their reason, by their code, or by naming the code', () => {
    const error = (code: ChatError['code'], details: ChatError['details'] = {}): string => errorText({ code, message: 'internal', details }, words)
    expect(error('CHAT_INVALID_ROOM', { reason: 'characters' })).toBe(words.errors.byReason.characters)
    expect(error('CHAT_TEXT_TOO_LONG', { max: 4000 })).toContain('4000')
    expect(error('WAKU_SOMETHING_NEW')).toContain('WAKU_SOMETHING_NEW')
    expect(error('CHAT_INVALID_ROOM', { reason: 'constructor' })).toContain('CHAT_INVALID_ROOM')
  })
})

describe('numbers and times', () => {
  it('are written as the language has them', () => {
    expect(en.conversation.numMessages(1)).toBe('1 message')
    expect(en.conversation.numMessages(1200)).toBe('1,200 messages')
    expect(de.conversation.numMessages(1200)).toBe('1.200 Nachrichten')
    expect(formatsOf('de').bytes(1_234_000)).toBe('1,2 MB')
  })

  it('have the unit that fits', () => {
    const { bytes, duration } = formatsOf('en')
    expect([0, 999, 1500].map(bytes)).toEqual(['0 byte', '999 byte', '1.5 kB'])
    expect([340, 12_300, 180_000, 7_500_000].map(duration)).toEqual(['340 ms', '12 sec', '3 min', '2 hr 5 min'])
  })

  it('are written for any time that a sender may claim', () => {
    const { time, day, full, brief } = formatsOf('en')
    for (const at of [Number.NaN, Number.POSITIVE_INFINITY, -1e300, 9e15, 0]) {
      for (const write of [time, day, full, brief]) expect(write(at), String(at)).toMatch(/\d/)
    }
  })
})
