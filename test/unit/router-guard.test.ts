import '../../src/polyfills.js'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { GossipSub } from '@libp2p/gossipsub'
import type { Libp2p, PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { MemoryDatastore } from 'datastore-core'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { makeLibp2p } from '../../src/backends/js/transport.js'
import { guardRouter } from '../../src/backends/js/router-guard.js'
import { resolveOptions } from '../../src/config.js'
import { protocolIds } from '../../src/peers.js'
import { chunk, number } from '../helpers/protobuf-bytes.js'

/** What these tests reach of the router's inside. */
interface Inside {
  pipePeerReadStream (peerId: PeerId, frames: AsyncIterable<{ subarray (): Uint8Array }>): Promise<void>
  readonly seenCache: { readonly size: number }
  readonly score: { readonly deliveryRecords: { readonly records: ReadonlyMap<string, unknown>, readonly queue: { readonly length: number } } }
  readonly mcache: { readonly msgs: ReadonlyMap<string, unknown> }
}

const topic = '/waku/2/rs/16/32'

/** How long anything that is to happen may take. */
const deadline = { timeout: 15_000 }

const options = { host: '127.0.0.1', clusterId: 16, shards: [32] }
const config = resolveOptions(options)
const dropPeer = vi.fn()
let libp2p: Libp2p
let router: GossipSub & Inside
let peerId: PeerId

beforeEach(async () => {
  const node = await makeLibp2p(config, new MemoryDatastore())
  libp2p = node
  router = node.services.gossipsub as GossipSub & Inside
  guardRouter(router, config.logger, dropPeer)
  await node.start()
  router.subscribe(topic)
  peerId = peerIdFromPrivateKey(await generateKeyPair('secp256k1'))
})

afterEach(async () => {
  dropPeer.mockReset()
  await libp2p.stop()
})

/** Hands frames to the router as if they came on one stream of the peer. */
async function receive (...frames: Uint8Array[]): Promise<void> {
  await router.pipePeerReadStream(peerId, (async function * () { yield * frames })())
}

const publish = (data: Uint8Array): Uint8Array => chunk(2, Buffer.concat([chunk(2, data), chunk(4, topic)]))

describe('the guarded router', () => {
  test('stands 20 000 mutated RPCs, and tells each that it cannot decode', async () => {
    const id = new Uint8Array(32).fill(9)
    const valid = Buffer.concat([
      chunk(1, Buffer.concat([number(1, 1), chunk(2, topic)])),
      publish(Buffer.from('data')),
      chunk(3, Buffer.concat([
        chunk(1, Buffer.concat([chunk(1, topic), chunk(2, id)])), chunk(2, chunk(1, id)), chunk(3, chunk(1, topic)),
        chunk(4, Buffer.concat([chunk(1, topic), chunk(2, chunk(1, id)), number(3, 60)])), chunk(5, chunk(1, id))
      ])),
      chunk(60, 'ping')
    ])
    const edit = fc.record({ at: fc.nat({ max: valid.byteLength }), remove: fc.nat({ max: 4 }), insert: fc.uint8Array({ maxLength: 8 }) })
    const mutants = fc.sample(fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => edits.reduce<Uint8Array>((bytes, { at, remove, insert }) =>
      Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]), valid)), 20_000)
    for (const mutant of mutants) await receive(mutant)
    expect(dropPeer.mock.calls.length).toBeGreaterThan(1000)
    expect(dropPeer.mock.calls.length, 'most of what is decodable is taken').toBeLessThan(mutants.length)
    dropPeer.mockReset()
    await receive(valid)
    expect(dropPeer).not.toHaveBeenCalled()
  })

  test('reads nothing more of a peer after an RPC that it cannot decode', async () => {
    const received = vi.fn()
    router.addEventListener('message', received)
    await receive(Uint8Array.of(0x0a, 0xff), publish(Buffer.from('after')))
    expect(received).not.toHaveBeenCalled()
    expect(dropPeer).toHaveBeenCalledWith(peerId.toString(), 'it sent an RPC that cannot be decoded')
  })

  test('remembers no more of a flood of messages than its bounds allow', async () => {
    const count = 150_000
    const perRpc = 1000
    for (let sent = 0; sent < count; sent += perRpc) {
      await receive(Buffer.concat(Array.from({ length: perRpc }, (_, index) => publish(Buffer.from(`${sent + index}`)))))
      // As other work of the event loop would; the router takes its messages in turns.
      await new Promise(setImmediate)
    }
    await vi.waitFor(() => expect(router.seenCache.size).toBe(count))
    router.dispatchEvent(new CustomEvent('gossipsub:heartbeat'))
    expect(router.score.deliveryRecords.records.size).toBeLessThanOrEqual(100_000)
    expect(router.score.deliveryRecords.queue.length).toBe(router.score.deliveryRecords.records.size)
    expect(router.mcache.msgs.size).toBeLessThanOrEqual(60_000)
  })

  test('does not take a stream of a lost connection for one to the peer that is back', async () => {
    const other = await makeLibp2p(resolveOptions(options), new MemoryDatastore())
    onTestFinished(async () => await other.stop())
    const otherRouter = other.services.gossipsub as GossipSub
    guardRouter(otherRouter, config.logger, dropPeer)
    await other.start()
    otherRouter.subscribe(topic)
    const lost = loseWhileAStreamIsOpened()
    await libp2p.dial(other.getMultiaddrs())
    await lost
    await libp2p.dial(other.getMultiaddrs())
    await vi.waitFor(() => expect(router.getSubscribers(topic)).toEqual([other.peerId]), deadline)
    await vi.waitFor(() => expect(otherRouter.getSubscribers(topic)).toEqual([libp2p.peerId]), deadline)
  })
})

/** Loses the next connection just before the relay stream on it is there, and after the router has heard of the loss. */
async function loseWhileAStreamIsOpened (): Promise<void> {
  await new Promise<void>((resolve) => {
    libp2p.addEventListener('connection:open', ({ detail: connection }) => {
      const newStream = connection.newStream.bind(connection)
      connection.newStream = async (protocols, options) => {
        const stream = await newStream(protocols, options)
        if (![protocols].flat().includes(protocolIds.relay)) return stream
        connection.abort(new Error('lost'))
        await vi.waitFor(() => expect(router.getPeers()).toEqual([]), deadline)
        setImmediate(resolve)
        return stream
      }
    }, { once: true })
  })
}
