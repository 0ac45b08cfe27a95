import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clipText, longText } from '../../src/renderer/message/clip-text.js'
import { hueOf, initialsOf, numHues } from '../../src/renderer/message/hue-of.js'
import { isOnlyEmoji } from '../../src/renderer/message/is-only-emoji.js'

describe('a long text', () => {
  it('is cut between words', () => {
    const clipped = clipText('word '.repeat(400))
    expect(clipped).toMatch(/word…$/)
  })

  it('is cut after some lines', () => {
    expect(clipText('a\n'.repeat(40))?.split('\n')).toHaveLength(longText.lines)
  })

  it('is left whole when hardly anything would be saved', () => {
    expect(clipText('x'.repeat(longText.characters + 20))).toBeUndefined()
    expect(clipText('short')).toBeUndefined()
  })

  it('is shortened to its beginning, with whole characters, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), fc.integer({ min: 1, max: 5 }), (text, times) => {
      const whole = text.repeat(times).normalize()
      const clipped = clipText(whole)
      if (clipped === undefined) return
      expect(whole.startsWith(clipped.slice(0, -1).trimEnd())).toBe(true)
      expect(clipped.length).toBeLessThanOrEqual(longText.characters + 1)
      expect(clipped).not.toMatch(/\p{Surrogate}/u)
    }))
  })
})

describe('a message of a few emoji', () => {
  it.each(['👍', '👍 👍🏽', '❤️', '👨‍👩‍👧', '🇩🇪🇪🇺', '1️⃣', ' 🎉 '])('is shown large: %s', (text) => {
    expect(isOnlyEmoji(text)).toBe(true)
  })

  it.each(['', '  ', 'ok 👍', '12', '#', '👍👍👍👍👍👍', 'é', '…'])('is not confused with: %j', (text) => {
    expect(isOnlyEmoji(text)).toBe(false)
  })
})

describe('a name', () => {
  it('has the same colour everywhere, and one that there is', () => {
    expect(hueOf('Ann')).toBe(hueOf('Ann'))
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (nick) => {
      expect(hueOf(nick)).toBeGreaterThanOrEqual(0)
      expect(hueOf(nick)).toBeLessThan(numHues)
    }))
  })

  it('is stood for by the letters that its parts begin with', () => {
    expect(['swift-heron', 'Jürgen Groß', 'ann', '😀 face'].map(initialsOf)).toEqual(['SH', 'JG', 'A', '😀F'])
  })
})
