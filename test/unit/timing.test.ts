import '../../src/polyfills.js'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Backoff } from '../../src/backoff.js'
import { NetworkWatch } from '../../src/network-watch.js'
import { TokenBucket } from '../../src/backends/js/token-bucket.js'
import { Lifespan, withDeadline, type Deadline } from '../../src/deadline.js'
import type { MessageHash } from '../../src/message.js'
import { RecentSet } from '../../src/recent-set.js'

vi.mock('node:os', async (original) => ({ ...await original<object>(), networkInterfaces: vi.fn(() => ({})) }))

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

describe('the back-off', () => {
  test('waits 1 s after the first failure, twice as long after each next, and never more than 2.4 minutes', () => {
    const backoff = new Backoff()
    let now = 0
    for (let numFailures = 0; numFailures < 2000; numFailures++) {
      const expectedMs = Math.min(1000 * 2 ** numFailures, 120_000)
      backoff.failure(now)
      expect(backoff.isDue(now + expectedMs * 0.8 - 1), `after ${numFailures}`).toBe(false)
      expect(backoff.isDue(now + expectedMs * 1.2), `after ${numFailures}`).toBe(true)
      now += expectedMs * 2
    }
    expect(backoff.failed).toBe(true)
  })

  test('forgets everything at a reset', () => {
    const backoff = new Backoff()
    for (let index = 0; index < 10; index++) backoff.failure(0)
    backoff.reset()
    expect([backoff.failed, backoff.isDue(0)]).toEqual([false, true])
    backoff.failure(0)
    expect(backoff.isDue(1200)).toBe(true)
  })
})

describe('a token bucket', () => {
  test('never lets more through than its volume and what the time since has refilled', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5000 }), fc.array(fc.nat({ max: 2000 }), { maxLength: 60 }), (volume, periodMs, pauses) => {
      const bucket = new TokenBucket({ volume, periodMs })
      let elapsedMs = 0
      let numTaken = 0
      for (const pause of pauses) {
        vi.advanceTimersByTime(pause)
        elapsedMs += pause
        if (bucket.take()) numTaken++
        expect(numTaken).toBeLessThanOrEqual(volume + elapsedMs / periodMs * volume + 1e-6)
      }
    }))
  })

  test('is full again after its period', () => {
    const bucket = new TokenBucket({ volume: 3, periodMs: 1000 })
    const takeAll = (): number => Array.from({ length: 10 }, () => bucket.take()).filter(Boolean).length
    expect(takeAll()).toBe(3)
    vi.advanceTimersByTime(1000)
    expect(takeAll()).toBe(3)
    vi.advanceTimersByTime(100_000)
    expect(takeAll()).toBe(3)
  })

  test('without a limit lets everything through', () => {
    const bucket = new TokenBucket(undefined)
    expect(Array.from({ length: 1000 }, () => bucket.take()).every(Boolean)).toBe(true)
  })
})

describe('a set of recent hashes', () => {
  const hashOf = (number: number): MessageHash => `0x${createHash('sha256').update(`${number}`).digest('hex')}`
  /** They have all but their end in common. */
  const likeHashOf = (number: number): MessageHash => `0x${'7'.repeat(56)}${number.toString(16).padStart(8, '0')}`

  test('knows a hash for its age and forgets it after two', () => {
    const set = new RecentSet(1000, 100)
    expect(set.add(hashOf(1))).toBe(true)
    vi.advanceTimersByTime(999)
    expect(set.add(hashOf(1))).toBe(false)
    expect(set.has(hashOf(1))).toBe(true)
    vi.advanceTimersByTime(2001)
    expect(set.add(hashOf(1))).toBe(true)
  })

  test.each([['random', hashOf], ['similar', likeHashOf]])('answers for %s hashes as a plain set while nothing is old and the bound is not reached', (_, hash) => {
    fc.assert(fc.property(fc.array(fc.nat({ max: 2000 }), { maxLength: 2000, size: 'max' }), (numbers) => {
      const set = new RecentSet(1000, 2000)
      const plain = new Set<number>()
      for (const number of numbers) {
        expect(set.has(hash(number))).toBe(plain.has(number))
        expect(set.add(hash(number))).toBe(!plain.has(number))
        plain.add(number)
      }
    }), { numRuns: 20 })
  })

  test('knows the newest hashes beyond its bound, and forgets older ones', () => {
    const set = new RecentSet(1000, 10)
    for (let index = 0; index < 1000; index++) set.add(hashOf(index))
    for (let index = 991; index < 1000; index++) expect(set.add(hashOf(index)), `${index}`).toBe(false)
    expect(set.add(hashOf(1))).toBe(true)
  })

  test('knows nothing of before a pause of two ages', () => {
    const set = new RecentSet(1000, 10)
    set.add(hashOf(1))
    vi.advanceTimersByTime(2000)
    expect(set.add(hashOf(2))).toBe(true)
    expect(set.add(hashOf(1))).toBe(true)
  })
})

describe('a deadline', () => {
  const never = async (): Promise<never> => await new Promise<never>(() => {})

  test('passes a result and a failure on', async () => {
    expect(await withDeadline('op', {}, 1000, new Lifespan(), async () => 'result')).toBe('result')
    await expect(withDeadline('op', {}, 1000, new Lifespan(), async () => { throw new Error('failed') })).rejects.toThrow('failed')
  })

  test.each([[{ timeoutMs: 50 }, 50], [{}, 1000]])('ends after %j in %i ms', async (options, timeoutMs) => {
    const rejected = expect(withDeadline('op', options, 1000, new Lifespan(), never)).rejects.toMatchObject({ code: 'WAKU_TIMEOUT', details: { operation: 'op', timeoutMs } })
    await vi.advanceTimersByTimeAsync(timeoutMs)
    await rejected
    expect(vi.getTimerCount()).toBe(0)
  })

  test('of 0 waits for ever', async () => {
    const settled = vi.fn()
    withDeadline('op', { timeoutMs: 0 }, 1000, new Lifespan(), never).then(settled, settled)
    await vi.advanceTimersByTimeAsync(2 ** 40)
    expect(settled).not.toHaveBeenCalled()
  })

  test('tells the operation why it ends, and nobody of its late failure', async () => {
    const controller = new AbortController()
    let seen: unknown
    const running = withDeadline('op', { signal: controller.signal }, 1000, new Lifespan(), async ({ signal }) =>
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => { seen = signal.reason; reject(new Error('late')) })))
    controller.abort(new Error('the caller'))
    await expect(running).rejects.toMatchObject({ code: 'WAKU_ABORTED', cause: { message: 'the caller' } })
    expect(seen).toMatchObject({ code: 'WAKU_ABORTED' })
  })

  test('is over at once when the signal has fired or the lifespan has ended before', async () => {
    const run = vi.fn(never)
    await expect(withDeadline('op', { signal: AbortSignal.abort() }, 1000, new Lifespan(), run)).rejects.toMatchObject({ code: 'WAKU_ABORTED' })
    const ended = new Lifespan()
    ended.end(new Error('ended'))
    await expect(withDeadline('op', {}, 1000, ended, run)).rejects.toThrow('ended')
    expect(run).not.toHaveBeenCalled()
  })

  test('leaves no timer and no listener behind', async () => {
    const controller = new AbortController()
    const removed = vi.spyOn(controller.signal, 'removeEventListener')
    await withDeadline('op', { signal: controller.signal }, 1000, new Lifespan(), async () => {})
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(0)
    expect(removed).toHaveBeenCalledWith('abort', expect.anything())
  })

  test('of one operation leaves those of others alone, whichever was begun first', async () => {
    const lifespan = new Lifespan()
    const settled: number[] = []
    for (const timeoutMs of [300, 100, 200, 100]) withDeadline('op', { timeoutMs }, 1000, lifespan, never).catch(() => settled.push(timeoutMs))
    for (const [afterMs, expected] of [[99, []], [1, [100, 100]], [99, [100, 100]], [1, [100, 100, 200]], [100, [100, 100, 200, 300]]] as const) {
      await vi.advanceTimersByTimeAsync(afterMs)
      expect(settled).toEqual(expected)
    }
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that is the default counts from the progress that was made since, one that was given does not', async () => {
    const lifespan = new Lifespan()
    const ended: string[] = []
    let movedAt = 0
    const follow = async (deadline: Deadline): Promise<never> => {
      deadline.follow(() => movedAt)
      return await never()
    }
    withDeadline('op', {}, 1000, lifespan, follow).catch(() => ended.push('default'))
    withDeadline('op', { timeoutMs: 1000 }, 1000, lifespan, follow).catch(() => ended.push('given'))
    await vi.advanceTimersByTimeAsync(600)
    movedAt = performance.now()
    await vi.advanceTimersByTimeAsync(400)
    expect(ended).toEqual(['given'])
    await vi.advanceTimersByTimeAsync(599)
    expect(ended).toEqual(['given'])
    await vi.advanceTimersByTimeAsync(1)
    expect(ended).toEqual(['given', 'default'])
  })

  test('tells its lifespan when nothing runs any more', async () => {
    const lifespan = new Lifespan()
    await lifespan.idle()
    const work = Promise.withResolvers<void>()
    const running = withDeadline('op', {}, 1000, lifespan, async () => await work.promise)
    let isIdle = false
    const idle = lifespan.idle().then(() => { isIdle = true })
    await vi.advanceTimersByTimeAsync(10)
    expect(isIdle).toBe(false)
    work.resolve()
    await Promise.all([running, idle])
  })

  test.each([-1, Number.NaN, Infinity, 2 ** 31])('of %d ms is refused', async (timeoutMs) => {
    await expect(withDeadline('op', { timeoutMs }, 1000, new Lifespan(), never)).rejects.toMatchObject({ code: 'WAKU_INVALID_ARGUMENT' })
  })
})

describe('the watch over the network', () => {
  const addresses = (address: string): ReturnType<typeof networkInterfaces> => ({ eth0: [{ address, netmask: '', family: 'IPv4', mac: '', internal: false, cidr: null }] })
  let watch: NetworkWatch
  const changed = vi.fn()

  beforeEach(() => {
    changed.mockReset()
    vi.mocked(networkInterfaces).mockReturnValue(addresses('10.0.0.1'))
    watch = new NetworkWatch(changed)
    watch.start()
  })

  afterEach(() => { watch.stop() })

  test('says nothing while nothing changes', () => {
    vi.advanceTimersByTime(3_600_000)
    expect(changed).not.toHaveBeenCalled()
  })

  test('tells that the machine slept when its clock went on and its timers did not', () => {
    vi.advanceTimersByTime(4000)
    vi.setSystemTime(Date.now() + 60_000)
    vi.advanceTimersByTime(2000)
    expect(changed.mock.calls).toEqual([['slept']])
    vi.advanceTimersByTime(60_000)
    expect(changed).toHaveBeenCalledTimes(1)
  })

  test('takes a busy event loop for no sleep', () => {
    vi.setSystemTime(Date.now() + 5000)
    vi.advanceTimersByTime(2000)
    expect(changed).not.toHaveBeenCalled()
  })

  test('tells that the addresses changed, once for each change', () => {
    vi.mocked(networkInterfaces).mockReturnValue(addresses('192.168.0.7'))
    vi.advanceTimersByTime(60_000)
    expect(changed.mock.calls).toEqual([['addresses changed']])
  })

  test('is silent after it was stopped', () => {
    watch.stop()
    vi.mocked(networkInterfaces).mockReturnValue(addresses('192.168.0.7'))
    vi.advanceTimersByTime(60_000)
    expect(changed).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })
})
