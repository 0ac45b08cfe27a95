import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PacedMessage, Pacer } from '../../src/backends/libwaku/pacer.js'
import { Deadline } from '../../src/deadline.js'

const maxBytes = 250_000
const maxMessages = 512

/** A pacer whose probes end when a test says so, and what it let through. The library answers at once. */
class Bench {
  readonly pacer = new Pacer(async () => await new Promise<void>((resolve) => { this.probes.push(resolve) }))

  readonly probes: Array<() => void> = []
  numPassed = 0
  answers = true

  readonly handedOver: PacedMessage[] = []

  publish (payloadBytes: number, { deadline = new Deadline(), topic = '/t' } = {}): Promise<void> | undefined {
    const message = new PacedMessage(topic, payloadBytes)
    return this.pacer.pass(message, deadline, () => {
      this.handedOver.push(message)
      this.numPassed++
      if (this.answers) queueMicrotask(() => this.pacer.answered(message))
    })
  }

  /** The library answers to the messages that were handed over as these, counted from 1. */
  answer (...numbers: readonly number[]): void {
    for (const number of numbers) this.pacer.answered(this.handedOver[number - 1] as PacedMessage)
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
  test.each([[10, maxMessages], [1000, 208], [10_000, 24], [20_000, 12], [100_000, 3], [150_000, 3]])('lets messages of %d bytes through until %d are open', async (payloadBytes, numOpen) => {
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

  test('asks again about what it has not asked about, twice at once at most, and goes on with what was asked for', async () => {
    const bench = new Bench()
    const { waiting } = await bench.fill(10_000)
    // About the 13 that are more than half of what may be open, and then about 7, more than a quarter.
    expect(bench.probes).toHaveLength(2)
    bench.probes[0]?.()
    await waiting
    // One that waited is open as well.
    expect(bench.pacer.open.messages).toBe(24 - 13 + 1)
    void bench.fill(10_000)
    await expect.poll(() => bench.pacer.open.messages).toBe(24)
    // The 7, and 7 of the others. The peers are not asked about the last 10 before one of these rounds is over.
    expect(bench.probes).toHaveLength(3)
    bench.probes[1]?.()
    await expect.poll(() => bench.probes).toHaveLength(4)
    bench.probes[3]?.()
    await expect.poll(() => bench.pacer.open.messages).toBe(24 - 7 - 10 + 1)
  })

  test('hands over no more than half of what may be open before the library answers', async () => {
    const bench = new Bench()
    bench.answers = false
    for (let number = 1; number <= 12; number++) expect(bench.publish(10_000)).toBeUndefined()
    const waiting = bench.publish(10_000)
    expect(waiting).toBeDefined()
    bench.answer(1)
    await waiting
    expect(bench.numPassed).toBe(13)
    expect(bench.probes).toEqual([])
  })

  test('asks once enough is answered, and makes room for nothing that was answered since', async () => {
    const bench = new Bench()
    bench.answers = false
    for (let number = 1; number <= 12; number++) void bench.publish(10_000)
    bench.answer(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
    expect(bench.probes).toHaveLength(0)
    for (let number = 13; number <= 20; number++) void bench.publish(10_000)
    bench.answer(13)
    expect(bench.probes).toHaveLength(1)
    bench.answer(14, 15, 16)
    bench.probes[0]?.()
    await expect.poll(() => bench.pacer.open.messages).toBe(7)
    // Nobody is asked in vain.
    bench.answer(17, 18, 19, 20)
    expect(bench.probes).toHaveLength(1)
  })

  test('asks the peers of the topics of what is answered', async () => {
    const asked: Array<ReadonlySet<string>> = []
    const pacer = new Pacer(async (topics) => {
      asked.push(topics)
      await new Promise(() => {})
    })
    const messages = Array.from({ length: 24 }, (_, number) => new PacedMessage(['/a', '/b', '/c'][number] ?? '/a', 10_000))
    for (const message of messages) {
      expect(pacer.pass(message, new Deadline(), () => {})).toBeUndefined()
      if (message.pubsubTopic !== '/c') pacer.answered(message)
    }
    expect(asked).toEqual([new Set(['/a', '/b']), new Set(['/a'])])
  })

  test.each([[7, 2, true], [15, 0, false]])('with %d small messages and %d large ones asks in turn: %s', async (numSmall, numLarge, inTurn) => {
    const asked: boolean[] = []
    const pacer = new Pacer(async (_, isInTurn) => {
      asked.push(isInTurn)
      await new Promise(() => {})
    })
    const messages = [...Array.from({ length: numSmall }, () => 10_000), ...Array.from({ length: numLarge }, () => 60_000)].map((size) => new PacedMessage('/t', size))
    for (const message of messages) {
      expect(pacer.pass(message, new Deadline(), () => {})).toBeUndefined()
      if (!message.isLarge) pacer.answered(message)
    }
    expect(asked).toEqual([inTurn])
  })

  test('makes room only for what was there when the round began while there are large messages', async () => {
    const bench = new Bench()
    bench.answers = false
    for (let number = 1; number <= 3; number++) void bench.publish(70_000)
    expect(bench.probes).toHaveLength(1)
    bench.answer(1, 2, 3)
    bench.probes[0]?.()
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
        expect(bench.probes.length - numProbed).toBeLessThanOrEqual(2)
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
