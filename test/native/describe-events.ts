import { describe, expect, it } from 'vitest'
import type { DriverEvent } from '../../src/backends/libwaku/drivers/driver.js'
import type { BridgeFixture } from './describe-bridge.js'
import { numbersOf, provoke, textOf, until } from './helpers/nodes.js'

/** Describes how events come from the library to JavaScript. */
export function describeEvents ({ node }: BridgeFixture): void {
  describe('events', () => {
    it('come all and in order', async () => {
      const { context, events } = await node()
      await provoke(context, 'flood:5000:300')
      await until('5000 events', () => events.length === 5000)
      expect(numbersOf(events)).toEqual(Array.from({ length: 5000 }, (_, i) => i))
    })

    it('come in turns of at most 64, with the event loop free in between', async () => {
      const turns: number[] = []
      const received = (): number => turns.reduce((a, b) => a + b, 0)
      let immediates = 0
      const { context } = await node({}, { onEvents: (batch) => { turns.push(batch.length) } })
      const tick = (): void => {
        immediates++
        if (received() < 4096) setImmediate(tick)
      }
      const flood = provoke(context, 'flood:4096:300')
      setImmediate(tick)
      await flood
      await until('4096 events', () => received() === 4096)
      expect(Math.max(...turns)).toBeLessThanOrEqual(64)
      expect(immediates).toBeGreaterThanOrEqual(turns.length / 2)
    })

    it('of 100 KiB come in turns of at most 256 KiB and what began within', async () => {
      const sizes: number[] = []
      const { context } = await node({}, { onEvents: (batch) => { sizes.push(batch.reduce((sum, { bytes }) => sum + bytes.length, 0)) } })
      await provoke(context, 'flood:50:102400')
      await until('all events', () => sizes.reduce((a, b) => a + b, 0) === 50 * 102_400)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1024 + 102_400)
    })

    it('larger than a turn come alone and whole', async () => {
      const { context, events } = await node()
      await provoke(context, 'flood:3:1000000')
      await until('3 events', () => events.length === 3)
      expect(events.map(({ bytes }) => bytes.length)).toEqual([1_000_000, 1_000_000, 1_000_000])
    })

    it('beyond the number that may wait are dropped and counted, and the library does not wait', async () => {
      const { context, events, dropped } = await node({}, { maxEvents: 10 })
      await provoke(context, 'flood:20000:100')
      await until('every event received or dropped', () => events.length + dropped() === 20_000)
      expect(dropped()).toBeGreaterThan(0)
      expect(context.stats()).toMatchObject({ eventsReceived: 20_000, eventsDropped: dropped(), eventsWaiting: 0 })
    })

    it('beyond the bytes that may wait are dropped and counted', async () => {
      const { context, events, dropped } = await node({}, { maxEventBytes: 10_000 })
      await provoke(context, 'flood:3:20000')
      await until('3 drops', () => dropped() === 3)
      await provoke(context, 'flood:1:9000')
      await until('the one that fits', () => events.length === 1)
      expect(context.stats()).toMatchObject({ eventBytesWaiting: 0, eventsDropped: 3 })
    })

    it('by which the library repeats what a call publishes are left out, one for each', async () => {
      const { context, events } = await node()
      const repeat = async (hash: string, repeated?: string): Promise<void> => {
        await context.call('waku_relay_publish', [`fake:event:{"messageHash":"${hash}"}`, '{}', 0], { repeated })
      }
      const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((digit) => `0x${digit.repeat(64)}`) as [string, string, string, string]
      await repeat(a, a)
      await repeat(b, c)
      await repeat(a)
      await repeat(c)
      await repeat(d)
      await until('3 events', () => events.length === 3)
      expect(events.map((event) => textOf(event))).toEqual([b, a, d].map((hash) => `{"messageHash":"${hash}"}`))
    })

    it('from the watchdog come while others flow', async () => {
      const { context, events } = await node()
      await Promise.all([provoke(context, 'unresponsive:500'), provoke(context, 'flood:3000:200')])
      await until('all events', () => events.length === 3500)
      expect(events.filter((event) => textOf(event) === '{"eventType":"not_responding"}').length).toBe(500)
      expect(numbersOf(events)).toHaveLength(3000)
    })

    it('of one node do not keep another node waiting', async () => {
      const { context: loud, events: noise } = await node()
      const { context: quiet, events } = await node()
      await provoke(loud, 'flow:20000:500')
      await until('the noise', () => noise.length > 100)
      await provoke(quiet, 'flood:10:100')
      await until('the quiet node', () => events.length === 10)
    })

    it('end with the node', async () => {
      const seen: DriverEvent[] = []
      const { context } = await node({}, { onEvents: (batch) => { seen.push(...batch) } })
      await provoke(context, 'flow:5000:300')
      await until('the flow', () => seen.length > 10)
      const destroyed = context.destroy()
      const count = seen.length
      await destroyed
      // A round trip through the same queue: what was on its way would have come.
      await node()
      expect(seen.length).toBe(count)
    })

    it('go on after a listener has thrown', async () => {
      const errors: unknown[] = []
      const others = process.listeners('uncaughtException')
      process.removeAllListeners('uncaughtException')
      process.on('uncaughtException', (error) => errors.push(error))
      try {
        let count = 0
        let turns = 0
        const { context } = await node({}, {
          onEvents: (batch) => {
            count += batch.length
            turns++
            throw new Error('a bug')
          }
        })
        await provoke(context, 'flood:1000:100')
        await until('all events', () => count === 1000)
        await provoke(context, 'flood:1:100')
        await until('one more', () => count === 1001)
        await until('the report of each throw', () => errors.length === turns)
      } finally {
        process.removeAllListeners('uncaughtException')
        for (const listener of others) process.on('uncaughtException', listener)
      }
    })
  })
}
