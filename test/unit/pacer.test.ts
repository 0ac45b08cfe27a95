import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PacedMessage, Pacer } from '../../src/backends/libwaku/pacer.js'
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

  readonly handedOver: PacedMessage[] = []

  publish (payloadBytes: number, { deadline = new Deadline(), topic = '/t' } = {}): Promise<void> | undefined {
    const message = new PacedMessage(topic, payloadBytes)
    return this.pacer.pass(message, deadline, () => {
      this.handedOver.push(message)
      const atMs = ++this.numPassed
      if (this.answers) queueMicrotask(() => this.pacer.answered(message, atMs))
    })
  }

  /** The library answers to the messages that were handed over as these, counted from 1. */
  answer (...numbers: readonly number[]): void {
    for (const number of numbers) this.pacer.answered(this.handedOver[number - 1] as PacedMessage, number)
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
  test.each([[10, maxMessages], [1000, 333], [10_000, 39], [20_000, 11], [100_000, 3], [150_000, 3]])('lets messages of %d bytes through until %d are open', async (payloadBytes, numOpen) => {
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
    expect(bench.pacer.open.messages).toBeLessThan(39)
    expect(bench.pacer.open.messages).toBeGreaterThan(15)
  })

  test('makes room for what was read, and for nothing else', async () => {
    const bench = new Bench()
    const { waiting } = await bench.fill(10_000)
    bench.probes[0]?.(30)
    await waiting
    // The one that waited is open as well.
    expect(bench.pacer.open.messages).toBe(39 - 30 + 1)
  })

  test('hands over no more than half of what may be open before the library answers', async () => {
    const bench = new Bench()
    bench.answers = false
    for (let number = 1; number <= 19; number++) expect(bench.publish(10_000)).toBeUndefined()
    const waiting = bench.publish(10_000)
    expect(waiting).toBeDefined()
    bench.answer(1)
    await waiting
    expect(bench.numPassed).toBe(20)
    expect(bench.probes).toEqual([])
  })

  test('asks once enough is answered, and makes no room for what is not', async () => {
    const bench = new Bench()
    bench.answers = false
    for (let number = 1; number <= 19; number++) void bench.publish(10_000)
    bench.answer(1, 2, 3, 4, 5, 6, 7, 8, 9)
    expect(bench.probes).toHaveLength(0)
    bench.answer(10)
    expect(bench.probes).toHaveLength(1)
    bench.probes[0]?.(Infinity)
    await expect.poll(() => bench.pacer.open.messages).toBe(9)
    // Nobody is asked in vain.
    bench.answer(11, 12, 13, 14, 15, 16, 17, 18, 19)
    expect(bench.probes).toHaveLength(1)
  })

  test('makes no room on topics whose peers were not asked', async () => {
    const bench = new Bench()
    bench.answers = false
    for (let number = 1; number <= 19; number++) void bench.publish(10_000, { topic: number === 2 ? '/b' : '/a' })
    bench.answer(1, 3, 4, 5, 6, 7, 8, 9, 10, 11)
    expect(bench.probes).toHaveLength(1)
    bench.answer(2)
    bench.probes[0]?.(11)
    await expect.poll(() => bench.pacer.open.messages).toBe(9)
  })

  test.each([[2, true], [0, false]])('with %d large messages among others asks in turn: %s', async (numLarge, inTurn) => {
    const asked: boolean[] = []
    const pacer = new Pacer(async (_, __, isInTurn) => {
      asked.push(isInTurn)
      return await new Promise<number>(() => {})
    })
    const messages = [...Array.from({ length: 12 }, () => 10_000), ...Array.from({ length: numLarge }, () => 60_000)].map((size) => new PacedMessage('/t', size))
    for (const message of messages) expect(pacer.pass(message, new Deadline(), () => {})).toBeUndefined()
    for (const message of messages.slice(0, 10)) pacer.answered(message, 1)
    expect(asked).toEqual([inTurn])
  })

  test('makes room only for what was there when the round began while there are large messages', async () => {
    const bench = new Bench()
    bench.answers = false
    for (let number = 1; number <= 3; number++) void bench.publish(70_000)
    expect(bench.probes).toHaveLength(1)
    bench.answer(1, 2, 3)
    bench.probes[0]?.(Infinity)
    await expect.poll(() => bench.pacer.open.messages).toBe(1)
  })

  test('ends a wait with its deadline, and nothing is handed over', async () => {
    const bench = new Bench()
    for (let number = 0; number < 3; number++) void bench.publish(100_000)
    const deadline = new Deadline()
    const waiting = bench.publish(100_000, { deadline })
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
