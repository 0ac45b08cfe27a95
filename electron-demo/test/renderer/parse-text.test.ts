import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseText, safeUrl } from '../../src/renderer/message/parse-text.js'

const linksOf = (text: string): readonly string[] => parseText(text).flatMap((segment) => segment.kind === 'link' ? [segment.url] : [])

describe('links in messages', () => {
  it('are found without the punctuation around them', () => {
    expect(linksOf('See (https://example.org/a_(b)), or http://example.net.')).toEqual(['https://example.org/a_(b)', 'http://example.net/'])
  })

  it('are http and https only', () => {
    expect(linksOf('ftp://example.org //example.org mailto:ann@example.org ann@example.org file:///etc/passwd javascript:alert(1)')).toEqual([])
  })

  it('are not made of words with a dot', () => {
    expect(linksOf('It is in package.json of example.org')).toEqual([])
  })

  it('are refused when they hide their host behind a user name', () => {
    expect(linksOf('https://bank.example@evil.example/')).not.toContain('https://bank.example@evil.example/')
    expect(safeUrl('https://bank.example@evil.example/')).toBeUndefined()
  })

  it('show look-alike hosts in ASCII', () => {
    // The first letter is Cyrillic.
    expect(linksOf('https://аpple.example/')).toEqual(['https://xn--pple-43d.example/'])
  })

  it('leave nothing of the text out, whatever it is', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl().map((url) => `before ${url} after`), fc.array(fc.constantFrom('https://', 'http://a.example/', '@', '.', ' ', 'é', '😀', '\n')).map((parts) => parts.join('')))
    fc.assert(fc.property(text, (value) => {
      expect(parseText(value).map((segment) => segment.text).join('')).toBe(value)
    }))
  })

  it('always lead to the web', () => {
    fc.assert(fc.property(fc.oneof(fc.webUrl(), fc.string().map((rest) => `https://${rest}`)), (value) => {
      for (const url of linksOf(value)) expect(url).toMatch(/^https?:\/\/[^/@]+\//)
    }))
  })
})
