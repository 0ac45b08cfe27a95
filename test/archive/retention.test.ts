import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { archiveFailed } from '../../src/archive/archive-failure.js'
import type { RetentionPolicy } from '../../src/archive/archive.js'
import { parseRetentionPolicy } from '../../src/archive/retention-policy.js'
import { Retention } from '../../src/archive/retention.js'

const minuteMs = 60_000

describe('parseRetentionPolicy', () => {
  it.each<[string, RetentionPolicy]>([
    ['none', {}],
    ['time:172800', { maxAgeSeconds: 172_800 }],
    ['capacity:25000', { maxMessages: 25_000 }],
    ['size:30GB', { maxSizeBytes: 30 * 1024 ** 3 }],
    ['size:1.5gb', { maxSizeBytes: 1.5 * 1024 ** 3 }],
    ['size:512MB', { maxSizeBytes: 512 * 1024 ** 2 }],
    ['time:60;capacity:10;size:1MB', { maxAgeSeconds: 60, maxMessages: 10, maxSizeBytes: 1024 ** 2 }],
    ['time:60; capacity:10', { maxAgeSeconds: 60, maxMessages: 10 }]
  ])('reads %s', (text, policy) => {
    expect(parseRetentionPolicy(text)).toEqual(policy)
  })

  it.each([
    '', 'time', 'time:', 'time:0', 'time:-1', 'time:1.5', 'time:1e3', 'time:1h', 'capacity:0', 'capacity:x', 'size:1', 'size:1TB', 'size:0GB',
    'size:GB', 'size:1.GB', 'age:1', 'time:1;', ';', 'none;time:1', 'time:1;time:2', 'time:1 2', 'size:0.0000001MB'
  ])('refuses %j', (text) => {
    expect(() => parseRetentionPolicy(text)).toThrow(expect.objectContaining({
      code: 'WAKU_INVALID_ARGUMENT', details: expect.objectContaining({ argument: 'store.retention' }) as unknown
    }) as Error)
  })
})

describe('Retention', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => { vi.useRealTimers() })

  const policy = { maxMessages: 10 }

  it('applies the policy when it starts, and 30 minutes after each run', async () => {
    const applyRetention = vi.fn<(policy: RetentionPolicy) => Promise<number>>(async () => await Promise.resolve(0))
    const retention = new Retention({ applyRetention }, policy)
    retention.start()
    await vi.advanceTimersByTimeAsync(0)
    expect(applyRetention.mock.calls).toEqual([[policy]])
    await vi.advanceTimersByTimeAsync(30 * minuteMs - 1)
    expect(applyRetention).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(applyRetention).toHaveBeenCalledTimes(2)
    await retention.stop()
  })

  it('tries again a minute after a failure, and reports it', async () => {
    const applyRetention = vi.fn(async () => await Promise.reject<number>(archiveFailed('locked', 'fake', 'is locked')))
    const onError = vi.fn()
    const retention = new Retention({ applyRetention }, policy, { onError })
    retention.start()
    await vi.advanceTimersByTimeAsync(0)
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'WAKU_ARCHIVE_FAILED' }))
    await vi.advanceTimersByTimeAsync(minuteMs)
    expect(applyRetention).toHaveBeenCalledTimes(2)
    await retention.stop()
  })

  it('does nothing without a rule', () => {
    new Retention({ applyRetention: async () => await Promise.resolve(0) }, {}).start()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits for the run under way when it stops, and runs no more', async () => {
    let finish = (): void => {}
    const applyRetention = vi.fn(async () => await new Promise<number>((resolve) => { finish = () => resolve(0) }))
    const retention = new Retention({ applyRetention }, policy)
    retention.start()
    await vi.advanceTimersByTimeAsync(0)
    let isStopped = false
    const stopping = retention.stop().then(() => { isStopped = true })
    await vi.advanceTimersByTimeAsync(0)
    expect(isStopped).toBe(false)
    finish()
    await stopping
    expect(vi.getTimerCount()).toBe(0)
  })
})
