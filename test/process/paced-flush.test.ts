import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PacedFlush } from '../../src/backends/process/paced-flush.js'

describe('what is sent between the processes', () => {
  test('goes at the end of the turn, all of it at once', async () => {
    const flush = vi.fn()
    const pace = new PacedFlush(flush)
    pace.schedule(false)
    pace.schedule(true)
    pace.schedule(false)
    expect(flush).not.toHaveBeenCalled()
    await nextTurn()
    await nextTurn()
    expect(flush).toHaveBeenCalledTimes(1)
  })

  test('goes at once also when it can wait, unless something went just before', async () => {
    const flush = vi.fn()
    new PacedFlush(flush).schedule(true)
    await nextTurn()
    expect(flush).toHaveBeenCalledTimes(1)
  })

  describe('when something went just before,', () => {
    const flush = vi.fn()
    let pace: PacedFlush

    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'setImmediate'] })
      flush.mockClear()
      pace = new PacedFlush(flush)
      pace.schedule(true)
      vi.advanceTimersByTime(0)
    })
    afterEach(() => { vi.useRealTimers() })

    test('waits for more when it can, and goes in the end', () => {
      expect(flush).toHaveBeenCalledTimes(1)
      pace.schedule(true)
      vi.advanceTimersByTime(1)
      expect(flush).toHaveBeenCalledTimes(1)
      vi.advanceTimersByTime(1)
      expect(flush).toHaveBeenCalledTimes(2)
    })

    test('waits no longer when something comes that cannot', () => {
      pace.schedule(true)
      pace.schedule(false)
      vi.advanceTimersByTime(0)
      expect(flush).toHaveBeenCalledTimes(2)
      vi.advanceTimersByTime(10)
      expect(flush).toHaveBeenCalledTimes(2)
    })
  })
})
