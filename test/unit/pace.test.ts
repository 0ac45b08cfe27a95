import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Pace } from '../../src/backends/libwaku/drivers/pace.js'

describe('what comes from the library', () => {
  beforeEach(() => { vi.useFakeTimers({ toFake: ['performance'] }) })
  afterEach(() => { vi.useRealTimers() })

  /** So many items in each of 20 times 2 ms. */
  function load (numItems: number): Pace {
    const pace = new Pace(6)
    for (let turn = 0; turn < 20; turn++) {
      vi.advanceTimersByTime(2)
      for (let item = 0; item < numItems; item++) pace.note(1)
    }
    return pace
  }

  it('is taken at once while little comes', () => {
    expect(load(1).waitMs).toBe(0)
  })

  it('is gathered while much comes, and for longer in a flood', () => {
    expect([3, 10].map((numItems) => load(numItems).waitMs)).toEqual([2, 6])
  })

  it('is taken at once again after a pause', () => {
    const pace = load(10)
    vi.advanceTimersByTime(100)
    pace.note(1)
    expect(pace.waitMs).toBe(0)
  })
})
