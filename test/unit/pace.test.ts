import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Pace } from '../../src/backends/libwaku/drivers/pace.js'

describe('what comes from the library', () => {
  beforeEach(() => { vi.useFakeTimers({ toFake: ['performance'] }) })
  afterEach(() => { vi.useRealTimers() })

  /** So many items in each of 20 times 2 ms, while so many calls are open. */
  function load (numItems: number, openCalls: number): Pace {
    const pace = new Pace()
    for (let turn = 0; turn < 20; turn++) {
      vi.advanceTimersByTime(2)
      for (let item = 0; item < numItems; item++) pace.note(1, openCalls)
    }
    return pace
  }

  it('is taken at once while little comes', () => {
    expect(load(1, 0).mayWait(0)).toBe(false)
  })

  it('is gathered while much comes, and nobody or many wait for answers', () => {
    expect([0, 100].map((calls) => load(10, calls).mayWait(calls))).toEqual([true, true])
  })

  it('is gathered also while few wait, when there were many just now', () => {
    expect(load(10, 12).mayWait(1)).toBe(true)
  })

  it('is taken at once for a caller who waits for each answer', () => {
    expect(load(10, 1).mayWait(1)).toBe(false)
  })

  it('is taken at once again after a pause', () => {
    const pace = load(10, 0)
    vi.advanceTimersByTime(100)
    pace.note(1, 0)
    expect(pace.mayWait(0)).toBe(false)
  })
})
