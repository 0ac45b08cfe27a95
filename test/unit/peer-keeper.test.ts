import type { Connection, PeerId } from '@libp2p/interface'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { networkInterfaces } from 'node:os'
import { afterEach, beforeEach, expect, test, vi, type Mock } from 'vitest'
import '../../src/polyfills.js'
import { PeerKeeper } from '../../src/backends/js/peer-keeper.js'
import { resolveOptions } from '../../src/config.js'

vi.mock('node:os', async (original) => ({ ...await original<object>(), networkInterfaces: vi.fn(() => ({})) }))

type Arguments = ConstructorParameters<typeof PeerKeeper>

const wanted = await newPeer()
const other = await newPeer()
const connections: Connection[] = []
const dial = vi.fn()
const ping = vi.fn()
const events = { peerConnected: vi.fn(), peerDisconnected: vi.fn() }
let network: EventTarget
let keeper: PeerKeeper

async function newPeer (): Promise<PeerId> {
  return peerIdFromPrivateKey(await generateKeyPair('secp256k1'))
}

beforeEach(() => {
  vi.useFakeTimers()
  connections.length = 0
  dial.mockReset().mockRejectedValue(new Error('the network is down'))
  ping.mockReset().mockResolvedValue(1)
  network = Object.assign(new EventTarget(), {
    peerId: other,
    dial,
    getConnections: () => connections,
    peerStore: { all: async () => [], get: async () => { throw new Error('unknown') } },
    services: { ping: { ping } }
  })
  const metadata = { exchange: async () => ({ fits: true }) }
  const metrics = { dialled: vi.fn() }
  keeper = new PeerKeeper(
    resolveOptions({ host: '127.0.0.1', staticPeers: [`/ip4/127.0.0.1/tcp/1/p2p/${wanted.toString()}`] }),
    ...[network, metadata, events, metrics] as unknown as [Arguments[1], Arguments[2], Arguments[3], Arguments[4]]
  )
  keeper.start()
})

afterEach(() => {
  keeper.stop()
  vi.useRealTimers()
  vi.clearAllMocks()
})

/** A peer connects, or a connection comes about. */
async function connected (peerId: PeerId): Promise<{ readonly close: Mock }> {
  const close = vi.fn(async () => {})
  const connection = {
    remotePeer: peerId, remoteAddr: multiaddr('/ip4/127.0.0.1/tcp/2'), status: 'open', direction: 'inbound', timeline: { open: 0 }, close, abort: vi.fn()
  } as unknown as Connection
  connections.push(connection)
  network.dispatchEvent(new CustomEvent('peer:connect', { detail: peerId }))
  await vi.advanceTimersByTimeAsync(0)
  return { close }
}

test('a wanted peer that cannot be reached is tried more and more seldom, and never given up', async () => {
  const numDials: number[] = []
  for (let minute = 0; minute < 60; minute++) {
    dial.mockClear()
    await vi.advanceTimersByTimeAsync(60_000)
    numDials.push(dial.mock.calls.length)
  }
  expect(numDials[0]).toBeGreaterThanOrEqual(5)
  expect(numDials[0]).toBeLessThanOrEqual(9)
  const lastHalf = numDials.slice(30).reduce((sum, count) => sum + count)
  expect(lastHalf).toBeGreaterThanOrEqual(12)
  expect(lastHalf).toBeLessThanOrEqual(20)
})

test('a wanted peer is tried at once when the first other peer connects: the network is back', async () => {
  await vi.advanceTimersByTimeAsync(3_600_000)
  dial.mockClear()
  await connected(other)
  await vi.advanceTimersByTimeAsync(1000)
  expect(dial).toHaveBeenCalledTimes(1)
})

test('a wanted peer is tried at once when the addresses of the machine changed', async () => {
  await vi.advanceTimersByTimeAsync(3_600_000)
  dial.mockClear()
  vi.mocked(networkInterfaces).mockReturnValue({ eth0: [{ address: '10.0.0.9', netmask: '', family: 'IPv4', mac: '', internal: false, cidr: null }] })
  await vi.advanceTimersByTimeAsync(2000)
  expect(dial).toHaveBeenCalled()
})

test('after a sleep, peers that do not answer any more are dropped, and the others kept', async () => {
  const [dead, alive] = [await connected(wanted), await connected(other)]
  ping.mockImplementation(async (peerId: PeerId) => {
    if (peerId.equals(wanted)) throw new Error('no answer')
    return 1
  })
  vi.setSystemTime(Date.now() + 3_600_000)
  await vi.advanceTimersByTimeAsync(2000)
  expect(ping).toHaveBeenCalledTimes(2)
  expect(dead.close).toHaveBeenCalled()
  expect(alive.close).not.toHaveBeenCalled()
})

test('nothing is dialled after the end', async () => {
  keeper.stop()
  dial.mockClear()
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(dial).not.toHaveBeenCalled()
})
