import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Pacer } from '../../src/backends/libwaku/pacer.js'
import { Deadline } from '../../src/deadline.js'

const maxBytes = 240_000
const maxMessages = 512

/** A pacer whose probes end when a test says so, and what it let through. The library answers at once, at 1, 2, 3 … ms. */
class Bench {
  readonly pacer = new Pacer(async (_, sinceMs) => await new Promise<number>((resolve) => {
    this.probes.push((untilMs = sinceMs) => resolve(untilMs))
  }))

  readonly probes: Array<(untilMs?: number) => void> = []
  numPassed = 0
  answers = true

  publish (payloadBytes: number, deadline = new Deadline()): Promise<void> | undefined {
    return this.pacer.pass(payloadBytes, deadline, () => {
      const atMs = ++this.numPassed
      if (this.answers) queueMicrotask(() => this.pacer.answered('/t', payloadBytes, atMs))
    })
  }

  /** Publishes one after another until one has to wait. @returns what that one waits for. */
  async fill (payloadBytes: number): Promise<{ readonly waiting: Promise<void> }> {
    for (;;) {
      const waiting = this.publish(payloadBytes)
      if (waiting !== undefined) return { waiting }
      // It is answered.
      await Promise.resolve()
      await Promise.resolve()
    }
  }
}

describe('the pace of publishing', () => {
  test.each([[10, maxMessages], [1000, 200], [10_000, 23], [100_000, 3], [150_000, 3]])('lets messages of %d bytes through until %d are open', async (payloadBytes, numOpen) => {
    const bench = new Bench()
    void bench.fill(payloadBytes)
    await expect.poll(() => bench.numPassed).toBe(numOpen)
    expect(bench.pacer.open.messages).toBe(numOpen)
    expect(bench.pacer.open.bytes).toBeLessThanOrEqual(maxBytes)
  })

  test('asks nobody while little is open', async () => {
    const bench = new Bench()
    for (let number = 0; number < 10; number++) void bench.publish(10_000)
    expect(bench.probes).toEqual([])
  })

  test('asks once at a time, and goes on with what was asked for', async () => {
    const bench = new Bench()
    const { waiting } = await bench.fill(10_000)
    expect(bench.probes).toHaveLength(1)
    bench.probes[0]?.()
    await waiting
    expect(bench.pacer.open.messages).toBeLessThan(23)
    expect(bench.pacer.open.messages).toBeGreaterThan(10)
  })

  test('makes room for what was read, and for nothing else', async () => {
    const bench = new Bench()
    const { waiting } = await bench.fill(10_000)
    expect(bench.pacer.open.messages).toBe(23)
    bench.probes[0]?.(20)
    await waiting
    // The one that waited is open as well.
    expect(bench.pacer.open.messages).toBe(23 - 20 + 1)
  })

  test('makes no room for what the library has not answered', async () => {
    const bench = new Bench()
    bench.answers = false
    for (let number = 1; number <= 23; number++) void bench.publish(10_000)
    expect(bench.probes).toHaveLength(0)
    for (let number = 1; number <= 5; number++) bench.pacer.answered('/t', 10_000, number)
    expect(bench.probes).toHaveLength(1)
    bench.probes[0]?.(Infinity)
    await expect.poll(() => bench.pacer.open.messages).toBe(18)
    // Nobody is asked in vain.
    expect(bench.probes).toHaveLength(1)
    bench.pacer.answered('/t', 10_000, 6)
    expect(bench.probes).toHaveLength(2)
  })

  test('makes no room on topics whose peers were not asked', async () => {
    const bench = new Bench()
    bench.answers = false
    for (let number = 1; number <= 13; number++) void bench.publish(10_000)
    bench.pacer.answered('/a', 10_000, 1)
    bench.pacer.answered('/b', 10_000, 2)
    bench.probes[0]?.(2)
    await expect.poll(() => bench.probes.length).toBe(2)
    expect(bench.pacer.open.messages).toBe(12)
  })

  test('ends a wait with its deadline, and nothing is handed over', async () => {
    const bench = new Bench()
    for (let number = 0; number < 3; number++) void bench.publish(100_000)
    const deadline = new Deadline()
    const waiting = bench.publish(100_000, deadline)
    deadline.pass(new Error('late'))
    await expect(waiting).rejects.toThrow('late')
    expect(bench.numPassed).toBe(3)
  })

  test('is never above its bounds and never stands still, whatever comes', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 153_600 }), { maxLength: 200 }), async (sizes) => {
      const bench = new Bench()
      let numProbed = 0
      for (const size of sizes) {
        const waiting = bench.publish(size)
        expect(bench.probes.length - numProbed).toBeLessThanOrEqual(1)
        if (waiting !== undefined) {
          const state = { isWaiting: true }
          void waiting.then(() => { state.isWaiting = false })
          for (let turns = 0; state.isWaiting; turns++) {
            expect(turns).toBeLessThan(50)
            if (turns > 5 && numProbed < bench.probes.length) bench.probes[numProbed++]?.()
            await Promise.resolve()
          }
        }
        expect(bench.pacer.open.bytes).toBeLessThanOrEqual(maxBytes)
        expect(bench.pacer.open.messages).toBeLessThanOrEqual(maxMessages)
      }
      expect(bench.numPassed).toBe(sizes.length)
    }))
  })
})
