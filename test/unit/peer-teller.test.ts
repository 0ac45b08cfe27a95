import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LibraryNode } from '../../src/backends/libwaku/functions.js'
import { PeerTeller } from '../../src/backends/libwaku/peer-teller.js'

/** A teller over a library that has a peer on each of two topics, and one that is on both. */
function makeTeller () {
  const told: string[][] = []
  const state = { isBusy: false, fails: false }
  const peersOnTopics: Record<string, string[]> = { '/a': ['16A', '16Both', '16Gone'], '/b': ['16B', '16Both'] }
  const connected = new Map(['A', 'B', 'Both'].map((name, index) => [`16${name}`, { addresses: [`/ip4/127.0.0.1/tcp/${index + 1}`, '/ip4/10.0.0.1/tcp/1'], protocols: [] }]))
  const node: Pick<LibraryNode, 'peersOnTopic' | 'connectedPeers' | 'setPeers'> = {
    peersOnTopic: async (topic) => await Promise.resolve(peersOnTopics[topic] ?? []),
    connectedPeers: async () => {
      if (state.fails) throw new Error('busy')
      return await Promise.resolve(connected)
    },
    setPeers: async (addresses) => { await Promise.resolve(told.push([...addresses])) }
  }
  return { told, state, teller: new PeerTeller(node as LibraryNode, () => state.isBusy) }
}

const addresses = { a: '/ip4/127.0.0.1/tcp/1/p2p/16A', b: '/ip4/127.0.0.1/tcp/2/p2p/16B', both: '/ip4/127.0.0.1/tcp/3/p2p/16Both' }

describe('the peers that take what is published', () => {
  beforeEach(() => { vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }) })
  afterEach(() => { vi.useRealTimers() })

  test('are not looked up for few messages that are answered', async () => {
    const { told, teller } = makeTeller()
    for (let number = 0; number < 10; number++) teller.published('/a', 1000)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(told).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([['many', 129, 0], ['large', 1, 62_500]])('are told at once when messages are %s, those on their topics and connected', async (_, count, sizeBytes) => {
    const { told, teller } = makeTeller()
    for (let number = 0; number < count; number++) teller.published('/a', sizeBytes)
    await vi.advanceTimersByTimeAsync(0)
    expect(told).toEqual([[addresses.a, addresses.both]])
  })

  test('are told every second while much is published, on every topic of the last minute', async () => {
    const { told, teller } = makeTeller()
    teller.published('/b', 100_000)
    for (let millis = 0; millis < 10_000; millis += 100) {
      await vi.advanceTimersByTimeAsync(100)
      teller.published('/a', 100_000)
    }
    expect(told.length).toBeGreaterThanOrEqual(10)
    expect(told.length).toBeLessThanOrEqual(11)
    expect(told.at(-1)).toEqual([addresses.b, addresses.both, addresses.a])
    for (let seconds = 0; seconds < 65; seconds++) {
      teller.published('/a', 100_000)
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(told.at(-1)).toEqual([addresses.a, addresses.both])
  })

  test('are told every second while a message has no answer, however small it is', async () => {
    const { told, state, teller } = makeTeller()
    state.isBusy = true
    teller.published('/a', 10)
    await vi.advanceTimersByTimeAsync(5500)
    expect(told).toHaveLength(5)
    state.isBusy = false
    await vi.advanceTimersByTimeAsync(60_000)
    expect(told).toHaveLength(5)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('are looked up again when that fails', async () => {
    const { told, state, teller } = makeTeller()
    Object.assign(state, { isBusy: true, fails: true })
    teller.published('/a', 100_000)
    await vi.advanceTimersByTimeAsync(3000)
    expect(told).toEqual([])
    state.fails = false
    await vi.advanceTimersByTimeAsync(1000)
    expect(told).toEqual([[addresses.a, addresses.both]])
  })
})
