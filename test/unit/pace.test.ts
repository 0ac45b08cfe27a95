import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Pace } from '../../src/backends/libwaku/drivers/pace.js'

describe('what comes from the library', () => {
  beforeEach(() => { vi.useFakeTimers({ toFake: ['performance'] }) })
  afterEach(() => { vi.useRealTimers() })

  /** So many items in each millisecond, for 20 of them. */
  function load (perMs: number): Pace {
    const pace = new Pace()
    for (let ms = 0; ms < 20; ms++) {
      vi.advanceTimersByTime(1)
      for (let item = 0; item < perMs; item++) pace.note(1)
    }
    return pace
  }

  it('is taken at once while little comes', () => {
    expect(load(1).mayWait(0)).toBe(false)
  })

  it('is gathered while much comes, and nobody or many wait for answers', () => {
    const pace = load(10)
    expect([0, 100].map((calls) => pace.mayWait(calls))).toEqual([true, true])
  })

  it('is taken at once for a caller who waits for each answer', () => {
    expect(load(10).mayWait(1)).toBe(false)
  })

  it('is taken at once again after a pause', () => {
    const pace = load(10)
    vi.advanceTimersByTime(100)
    pace.note(1)
    expect(pace.mayWait(0)).toBe(false)
  })
})
