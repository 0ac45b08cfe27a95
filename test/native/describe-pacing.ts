import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DriverContext } from '../../src/backends/libwaku/drivers/driver.js'
import { Deadline } from '../../src/deadline.js'
import { isWakuError } from '../../src/errors.js'
import type { BridgeFixture } from './describe-bridge.js'
import { textOf, until } from './helpers/nodes.js'

/** Peers of the fake library that answer to a ping at once, after a moment, never. */
const peers = { quick: 'fake:error', slow: 'fake:late:5', silent: 'fake:silent' }

const pubsubTopic = '/waku/2/rs/16/32'

let lastTimestamp = BigInt(Date.now()) * 1_000_000n

/** Publishes a message that no other is like, and tells what came of it. */
async function publish (context: DriverContext, sizeBytes: number, deadline?: Deadline): Promise<'sent' | 'closed' | 'given up'> {
  const timestamp = lastTimestamp++
  const rest = `","contentTopic":"/nwaku-desktop/1/pacing/proto","version":0,"timestamp":"${timestamp}","ephemeral":false}`
  try {
    await context.call('waku_relay_publish', [pubsubTopic, ['{"payload":"', new Uint8Array(sizeBytes), rest], 0], { deadline })
    return 'sent'
  } catch (error) {
    if (isWakuError(error, 'WAKU_CLOSED')) return 'closed'
    if (isWakuError(error, 'WAKU_ABORTED')) return 'given up'
    throw error
  }
}

/** Messages on their way, and what came of them so far. */
function publishMany (context: DriverContext, sizes: readonly number[]) {
  const outcomes: string[] = []
  const all = sizes.map(async (size) => await publish(context, size).then((outcome) => outcomes.push(outcome)))
  return { outcomes, all: Promise.all(all) }
}

const repeat = (count: number, size: number): number[] => Array.from({ length: count }, () => size)

/** Describes how publishing is held back for as long as too much may not have reached the peers. */
export function describePacing ({ driver, node }: BridgeFixture): void {
  describe('the pace of publishing', () => {
    async function pacedNode (): ReturnType<BridgeFixture['node']> {
      return await node({}, { isPaced: true })
    }

    /** One that hears what it publishes. */
    async function hearingNode (): ReturnType<BridgeFixture['node']> {
      const made = await pacedNode()
      await made.context.call('waku_start')
      await made.context.call('waku_relay_subscribe', [pubsubTopic])
      return made
    }

    it.each([[10, 512, 512], [1000, 210, 225], [10_000, 23, 24], [20_000, 12, 12], [70_000, 3, 3], [150_000, 3, 3]])('lets messages of %d bytes through until some %d are open', async (sizeBytes, least, most) => {
      const { context } = await pacedNode()
      await context.setPeers([peers.silent])
      const { outcomes, all } = publishMany(context, repeat(most + 20, sizeBytes))
      await until('as many as may be open', () => outcomes.length >= least)
      // Whatever could go after these would, before the answer to this.
      await context.call('waku_version')
      await context.call('waku_version')
      expect(outcomes.length).toBeLessThanOrEqual(most)
      await context.destroy()
      await all
      expect(outcomes.slice(most)).toEqual(repeat(20, 0).map(() => 'closed'))
    })

    it('asks nobody while little is open', async () => {
      const { context } = await pacedNode()
      await context.setPeers([peers.silent])
      const before = driver().stats().openRequests
      await publishMany(context, repeat(10, 10_000)).all
      expect(driver().stats().openRequests).toBe(before)
    })

    it.each([['small', 10_000, 2], ['large', 100_000, 1]])('asks each peer about %s messages of %d bytes at most %d times at once', async (_, sizeBytes, numRounds) => {
      const { context } = await pacedNode()
      await context.setPeers([peers.silent, `${peers.silent}:too`])
      const { outcomes, all } = publishMany(context, repeat(30, sizeBytes))
      const held = (): number => context.stats().openCalls
      const asked = (): number => driver().stats().openRequests - held()
      await until('the rest held', () => outcomes.length + held() === 30)
      expect(held()).toBeGreaterThan(0)
      await until('pings', () => asked() === 2 * numRounds)
      await context.destroy()
      await all
    })

    it('is that of the peers, and keeps the order', async () => {
      const { context, events } = await hearingNode()
      const first = lastTimestamp
      await context.setPeers([peers.slow, peers.quick])
      const { outcomes, all } = publishMany(context, repeat(900, 1000))
      await all
      expect(outcomes).toEqual(repeat(900, 0).map(() => 'sent'))
      await until('all messages', () => events.length >= 900)
      const timestamps = events.map((event) => /"timestamp":"?(\d+)/.exec(textOf(event))?.[1])
      expect(timestamps).toEqual(Array.from({ length: 900 }, (_, number) => `${first + BigInt(number)}`))
    })

    it('waits until it is told of peers, and goes on when there are none', async () => {
      const { context } = await pacedNode()
      const { outcomes, all } = publishMany(context, repeat(60, 10_000))
      await until('as many as may be open', () => outcomes.length >= 23)
      await context.call('waku_version')
      expect(outcomes.length).toBeLessThan(30)
      await context.setPeers([])
      await all
    })

    it('no longer waits for a peer that does not answer', async () => {
      const { context } = await pacedNode()
      await context.setPeers([peers.silent, peers.quick])
      const { outcomes, all } = publishMany(context, repeat(100, 10_000))
      await until('as many as may be open', () => outcomes.length >= 23)
      for (let state = 'waiting'; state === 'waiting';) {
        await context.setPeers([peers.silent, peers.quick])
        state = await Promise.race([all.then(() => 'done'), new Promise<string>((resolve) => setTimeout(resolve, 50, 'waiting'))])
      }
      expect(outcomes).toHaveLength(100)
    })

    it('lets what is held be given up, of which the library then hears nothing, and goes on with the rest', async () => {
      const { context, events } = await hearingNode()
      await context.setPeers([peers.silent])
      const { outcomes, all } = publishMany(context, repeat(30, 10_000))
      await until('as many as may be open', () => outcomes.length >= 23)
      const deadlines = [new Deadline(), new Deadline()] as const
      const given = deadlines.map(async (deadline) => await publish(context, 10_000, deadline))
      const last = publish(context, 10_000)
      deadlines[0].pass(new Error('too late'))
      await expect(given[0]).resolves.toBe('given up')
      for (let isHeld = true; isHeld;) {
        await context.setPeers([])
        isHeld = context.stats().openCalls > 0
      }
      await all
      await expect(Promise.all([given[1], last])).resolves.toEqual(['sent', 'sent'])
      // It has been sent, and nothing comes of it any more.
      deadlines[1].pass(new Error('too late'))
      await until('all messages', () => events.length >= 32)
      expect(events).toHaveLength(32)
    })

    it('does not hold back what is not to be paced', async () => {
      const { context } = await node()
      await context.setPeers([peers.silent])
      const { outcomes, all } = publishMany(context, repeat(900, 1000))
      await all
      expect(outcomes).toEqual(repeat(900, 0).map(() => 'sent'))
    })

    it('never stands still, whatever comes', async () => {
      const { context } = await pacedNode()
      await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 153_600 }), { maxLength: 100 }), fc.subarray(Object.values(peers).slice(0, 2)), async (sizes, addresses) => {
        await context.setPeers(addresses)
        const { outcomes, all } = publishMany(context, sizes)
        await all
        expect(outcomes).toEqual(sizes.map(() => 'sent'))
      }), { numRuns: 30 })
    })
  })
}
