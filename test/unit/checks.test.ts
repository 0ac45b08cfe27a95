import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkMessageHash, checkMultiaddr, checkPeer, checkPeerAddress, checkPeerId } from '../../src/checks.js'
import { isWakuError, reasonOf } from '../../src/errors.js'

const odd = [undefined, null, 7, {}, [], '', { toString: undefined }, Object.create(null), Symbol('peer'), () => {}, new Proxy({}, {})]
const checks = { checkPeerId, checkMultiaddr, checkPeerAddress, checkPeer, checkMessageHash }

test.each(Object.entries(checks))('%s refuses whatever it is given with the same error', (_, check) => {
  const refuses = (value: unknown): void => {
    try {
      check('argument', value)
    } catch (error) {
      expect(isWakuError(error, 'WAKU_INVALID_ARGUMENT')).toBe(true)
    }
  }
  odd.forEach((value) => expect(() => check('argument', value)).toThrow(expect.objectContaining({ code: 'WAKU_INVALID_ARGUMENT' })))
  fc.assert(fc.property(fc.anything({ withNullPrototype: true }), refuses))
})

test('whatever is thrown has a text', () => {
  fc.assert(fc.property(fc.anything({ withNullPrototype: true }), (thrown) => { expect(reasonOf(thrown)).toBeTypeOf('string') }))
  expect(reasonOf(new Error('why'))).toBe('why')
  expect(reasonOf('why')).toBe('why')
  expect(reasonOf({ toString: undefined })).toContain('toString')
})
