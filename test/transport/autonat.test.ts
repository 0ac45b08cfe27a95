import { createNode } from 'nwaku-desktop'
import { describe, expect, test } from 'vitest'
import { expectHealthy } from '../helpers/healthy.js'
import { useNodes } from '../helpers/nodes.js'
import { chunk, chunksOf, framed, number, numberOf, varint } from '../helpers/protobuf-bytes.js'
import { RawPeer, send, unframed } from '../helpers/raw-peer.js'

const nodes = useNodes(async (options) => await createNode({ host: '127.0.0.1', natTraversal: { autonat: true, circuitRelay: true, holePunching: true }, ...options }))
const autonat = '/libp2p/autonat/1.0.0'

/** What AutoNAT answers, by its protocol: 0 dialled back, 101 refused, 200 bad request. */
function statusOf (answer: Uint8Array): bigint | undefined {
  return numberOf(chunksOf(unframed(answer), 3)[0] as Uint8Array, 1)
}

describe('AutoNAT', () => {
  test('a peer that asks to be dialled back on this machine is answered, with a refusal', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.start()
    await peer.dial(node)
    const info = Buffer.concat([chunk(1, peer.libp2p.peerId.toMultihash().bytes), ...peer.libp2p.getMultiaddrs().map((address) => chunk(2, address.decapsulateCode(421).bytes))])
    expect(statusOf(await peer.exchange(node, autonat, framed(Buffer.concat([number(1, 0), chunk(2, chunk(1, info))]))))).toBe(101n)
  })

  test('a request without a peer is answered as a bad one', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.start()
    await peer.dial(node)
    expect(statusOf(await peer.exchange(node, autonat, framed(number(1, 0))))).toBe(200n)
  })
})

test.each([autonat, '/libp2p/dcutr', '/libp2p/circuit/relay/0.2.0/stop', '/ipfs/id/push/1.0.0', '/ipfs/id/1.0.0', '/ipfs/ping/1.0.0'])('garbage on %s ends its stream and nothing else', async (protocol) => {
  const node = await nodes.start()
  for (const bytes of [framed(Uint8Array.of(0xff, 0xff, 0xff)), varint(2 ** 32), new Uint8Array(4096).fill(0x80), new Uint8Array(100_000)]) {
    const peer = await RawPeer.start()
    await peer.dial(node)
    const stream = await peer.open(node, protocol)
    send(stream, bytes)
    await stream.close()
  }
  await expectHealthy(node)
})
