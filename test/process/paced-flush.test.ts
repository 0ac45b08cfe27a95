import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
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

  test('waits for more when it can, and goes in the end', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'setImmediate'] })
    try {
      const flush = vi.fn()
      const pace = new PacedFlush(flush)
      pace.schedule(true)
      vi.advanceTimersByTime(0)
      expect(flush).toHaveBeenCalledTimes(1)
      pace.schedule(true)
      vi.advanceTimersByTime(1)
      expect(flush).toHaveBeenCalledTimes(1)
      vi.advanceTimersByTime(1)
      expect(flush).toHaveBeenCalledTimes(2)
    } finally {
      vi.useRealTimers()
    }
  })

  test('waits no longer when something comes that cannot', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'setImmediate'] })
    try {
      const flush = vi.fn()
      const pace = new PacedFlush(flush)
      pace.schedule(true)
      vi.advanceTimersByTime(0)
      pace.schedule(true)
      pace.schedule(false)
      vi.advanceTimersByTime(0)
      expect(flush).toHaveBeenCalledTimes(2)
      vi.advanceTimersByTime(10)
      expect(flush).toHaveBeenCalledTimes(2)
    } finally {
      vi.useRealTimers()
    }
  })
})
