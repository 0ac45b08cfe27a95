import { createHash } from 'node:crypto'
import type { Stream } from '@libp2p/interface'
import { createNode, protocolIds } from 'nwaku-desktop'
import { describe, expect, test } from 'vitest'
import { collectMessages, freshContentTopic, textMessage, untilReceived } from '../helpers/messages.js'
import { clusterId, pubsubTopic, useNodes } from '../helpers/nodes.js'
import { chunk, chunksOf, fieldsOf, number, numberOf } from '../helpers/protobuf-bytes.js'
import { collectFrames, encodedMessage, publishRpc, RawPeer } from '../helpers/raw-peer.js'
import { until, untilEqual } from '../helpers/until.js'

const host = '127.0.0.1'
const nodes = useNodes(async (options) => await createNode({ host, ...options }))
const ids = (bytes: Uint8Array): number[] => fieldsOf(bytes).map(({ id }) => id)
const controlsOf = (peer: RawPeer, id: number): Uint8Array[] => peer.rpcs.flatMap((rpc) => chunksOf(rpc, 3)).flatMap((control) => chunksOf(control, id))

describe('what the node sends on relay', () => {
  test('it announces its topics as the first thing on a new stream', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.start()
    await peer.dial(node)
    await until(() => expect(peer.rpcs.length).toBeGreaterThan(0))
    const [subscription] = chunksOf(peer.rpcs[0] as Uint8Array, 1)
    expect(Buffer.from(subscription as Uint8Array)).toEqual(Buffer.concat([number(1, 1), chunk(2, pubsubTopic)]))
  })

  test('a published message has data and topic and none of from, seqno, signature and key', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.joined(node)
    const contentTopic = freshContentTopic()
    await node.publish({ contentTopic, payload: Uint8Array.of(1, 2, 3), timestamp: 1n }, { pubsubTopic })
    await until(() => expect(peer.published).toHaveLength(1))
    const [message] = peer.published as [Uint8Array]
    expect(ids(message)).toEqual([2, 4])
    expect(Buffer.from(message)).toEqual(Buffer.concat([
      chunk(2, Buffer.concat([chunk(1, Uint8Array.of(1, 2, 3)), chunk(2, contentTopic), number(3, 0), number(10, 2), chunk(11, ''), chunk(21, ''), number(31, 0)])),
      chunk(4, pubsubTopic)
    ]))
  })

  test('the id of a message is SHA-256 of its data, 32 raw bytes', async () => {
    const node = await nodes.start()
    const [source, peer] = await Promise.all([RawPeer.joined(node), RawPeer.joined(node)])
    const data = encodedMessage(freshContentTopic(), { size: 2000 })
    await source.sendRpc(node, publishRpc(data))
    await until(() => expect(controlsOf(peer, 5)).toHaveLength(1))
    expect(chunksOf(controlsOf(peer, 5)[0] as Uint8Array, 1).map((id) => Buffer.from(id))).toEqual([createHash('sha256').update(data).digest()])
  })

  test('peers that speak the Waku id are told IDONTWANT for large messages and not for small ones', async () => {
    const node = await nodes.start()
    const [source, peer] = await Promise.all([RawPeer.joined(node), RawPeer.joined(node)])
    await source.sendRpc(node, publishRpc(encodedMessage(freshContentTopic())))
    await source.sendRpc(node, publishRpc(encodedMessage(freshContentTopic(), { size: 1000 })))
    await until(() => expect(peer.published).toHaveLength(2))
    expect(controlsOf(peer, 5)).toHaveLength(1)
    expect(controlsOf(source, 5), 'the sender has it').toHaveLength(0)
  })

  test('a peer that leaves a topic with the node gets PRUNE with a back-off in seconds', async () => {
    const node = await nodes.start({ shards: [] })
    const peer = await RawPeer.start()
    const subscription = await node.subscribe({ pubsubTopic }, () => {})
    await peer.join(node)
    await subscription.unsubscribe()
    await until(() => expect(controlsOf(peer, 4)).toHaveLength(1))
    const [prune] = controlsOf(peer, 4) as [Uint8Array]
    expect(chunksOf(prune, 1).map((topic) => Buffer.from(topic).toString())).toEqual([pubsubTopic])
    expect(numberOf(prune, 3)).toBe(5n)
  })

  test('a peer that grafts on a topic the node has not joined is not answered for it', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.joined(node)
    const stranger = `/waku/2/rs/${clusterId}/33`
    await peer.sendRpc(node, chunk(3, chunk(3, chunk(1, stranger))))
    await node.publish(textMessage(freshContentTopic(), 'after'), { pubsubTopic })
    await until(() => expect(peer.published).toHaveLength(1))
    expect(controlsOf(peer, 4)).toEqual([])
  })

  test('a message that was announced is sent to who asks for it', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.joined(node)
    await node.publish(textMessage(freshContentTopic(), 'again'), { pubsubTopic })
    await until(() => expect(peer.published).toHaveLength(1))
    const id = createHash('sha256').update(chunksOf(peer.published[0] as Uint8Array, 2)[0] as Uint8Array).digest()
    await peer.sendRpc(node, chunk(3, chunk(2, chunk(1, id))))
    await until(() => expect(peer.published).toHaveLength(2))
    expect(Buffer.from(peer.published[1] as Uint8Array)).toEqual(Buffer.from(peer.published[0] as Uint8Array))
  })

  test('a message passes on as it came, to the byte', async () => {
    const node = await nodes.start()
    const [source, peer] = await Promise.all([RawPeer.joined(node), RawPeer.joined(node)])
    // In another order than this node writes, and with a field that it does not know.
    const data = Buffer.concat([chunk(2, freshContentTopic()), chunk(1, 'payload'), chunk(77, 'unknown'), number(10, 2n * BigInt(Date.now()) * 1_000_000n)])
    await source.sendRpc(node, publishRpc(data))
    await until(() => expect(peer.published).toHaveLength(1))
    expect(Buffer.from(chunksOf(peer.published[0] as Uint8Array, 2)[0] as Uint8Array)).toEqual(data)
  })
})

/** Of yamux's specification; nwaku grants less, and ends the connection of who sends more. */
const specifiedWindow = 256 * 1024
const windowOfNwaku = 256_000

test('a peer is sent no more than what nwaku grants until it grants more, and then the rest', async () => {
  const node = await nodes.start()
  const rpcs: Uint8Array[] = []
  let relayStream: Stream & { readonly recvWindowCapacity?: number } | undefined
  const peer = await RawPeer.start({
    handlers: {
      [protocolIds.relay]: (stream) => {
        relayStream = stream
        stream.pause()
        collectFrames(stream, (rpc) => rpcs.push(rpc))
      }
    }
  })
  await peer.join(node)
  const contentTopic = freshContentTopic()
  for (let index = 0; index < 7; index++) await node.publish({ contentTopic, payload: new Uint8Array(100_000).fill(index) }, { pubsubTopic })
  await untilEqual(() => relayStream?.recvWindowCapacity, specifiedWindow - windowOfNwaku)
  expect(await node.ping(peer.peerId)).toBeGreaterThanOrEqual(0)
  relayStream?.resume()
  await until(() => expect(rpcs.flatMap((rpc) => chunksOf(rpc, 2))).toHaveLength(7))
})

describe('StrictNoSign', () => {
  test.each([
    ['a signature', chunk(5, new Uint8Array(64))],
    ['a sequence number', chunk(3, new Uint8Array(8))],
    ['a key', chunk(6, new Uint8Array(36))],
    ['an author', chunk(1, new Uint8Array(38).fill(1))]
  ])('a message with %s is neither delivered nor passed on', async (_, field) => {
    const node = await nodes.start()
    const [source, peer] = await Promise.all([RawPeer.joined(node), RawPeer.joined(node)])
    const contentTopic = freshContentTopic()
    const received = collectMessages(node, contentTopic)
    await source.sendRpc(node, publishRpc(encodedMessage(contentTopic), pubsubTopic, field))
    await source.sendRpc(node, publishRpc(encodedMessage(contentTopic)))
    await untilReceived(received, 1)
    await until(() => expect(peer.published).toHaveLength(1))
    expect(received).toHaveLength(1)
    expect(ids(peer.published[0] as Uint8Array)).toEqual([2, 4])
  })
})

describe('messages twice', () => {
  test('one Waku message in two encodings is delivered once', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.joined(node)
    const contentTopic = freshContentTopic()
    const received = collectMessages(node, contentTopic)
    const data = encodedMessage(contentTopic)
    await peer.sendRpc(node, publishRpc(data))
    await peer.sendRpc(node, publishRpc(Buffer.concat([data, chunk(99, 'other bytes, same message')])))
    await peer.sendRpc(node, publishRpc(encodedMessage(contentTopic)))
    await untilReceived(received, 2)
    await untilEqual(() => new Set(received.map(({ messageHash }) => messageHash)).size, 2)
    expect(received).toHaveLength(2)
  })
})
