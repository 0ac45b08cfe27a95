import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Slots } from '../../src/slots.js'

describe('slots', () => {
  test('keep what was put in under its key until it is taken out, and give no key twice', () => {
    fc.assert(fc.property(fc.array(fc.option(fc.nat(), { nil: undefined })), (steps) => {
      const slots = new Slots<{ readonly step: number }>()
      const model = new Map<number, object>()
      const given = new Set<number>()
      for (const [step, choice] of steps.entries()) {
        const keys = [...given]
        const key = choice === undefined ? undefined : keys[choice % keys.length]
        if (key === undefined) {
          const thing = { step }
          const added = slots.add(thing)
          expect(Number.isSafeInteger(added) && added > 0 && !given.has(added)).toBe(true)
          given.add(added)
          model.set(added, thing)
        } else {
          expect(slots.get(key)).toBe(model.get(key))
          expect(slots.take(key)).toBe(model.get(key))
          model.delete(key)
        }
        expect(slots.size).toBe(model.size)
      }
      expect(new Set(slots.list())).toEqual(new Set(model.values()))
      expect(new Set(slots.takeAll())).toEqual(new Set(model.values()))
      expect(slots.size).toBe(0)
    }))
  })

  test('have nothing under a key that was never given', () => {
    const slots = new Slots()
    expect([0, 1, 2 ** 22 + 1, 2 ** 53 - 1].map((key) => slots.take(key))).toEqual([undefined, undefined, undefined, undefined])
  })
})
