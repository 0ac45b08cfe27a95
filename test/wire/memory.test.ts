import type { Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { createNode, protocolIds } from 'nwaku-desktop'
import { describe, expect, test } from 'vitest'
import { collectMessages, freshContentTopic } from '../helpers/messages.js'
import { NodeProcess } from '../helpers/node-process.js'
import { clusterId, pubsubTopic, useNodes } from '../helpers/nodes.js'
import { chunk, framed, number } from '../helpers/protobuf-bytes.js'
import { encodedMessage, publishRpc, RawPeer, sendSlowly } from '../helpers/raw-peer.js'
import { until, untilEqual } from '../helpers/until.js'

const nodes = useNodes(async (options) => await createNode({ host: '127.0.0.1', ...options }))

/** Connects a raw peer to a node in another process, in its mesh. @returns the stream on which to send. */
async function attach (node: NodeProcess, peer: RawPeer): Promise<Stream> {
  const connection = await peer.libp2p.dial(multiaddr(node.address))
  await until(() => expect(peer.rpcs.length).toBeGreaterThan(0))
  const stream = await connection.newStream(protocolIds.relay)
  await sendSlowly(stream, framed(chunk(1, Buffer.concat([number(1, 1), chunk(2, pubsubTopic)]))))
  await until(async () => expect(await node.ask('mesh', { pubsubTopic })).toContain(peer.peerId))
  return stream
}

/** Sends frames until all are sent or the node has dropped the peer. @returns how many were sent. */
async function flood (stream: Stream, count: number, frame: (index: number) => Uint8Array): Promise<number> {
  for (let index = 0; index < count; index++) {
    if (!await sendSlowly(stream, frame(index))) return index
  }
  return count
}

describe('memory stays bounded under', () => {
  test('200 000 tiny frames', async () => {
    const node = await NodeProcess.start()
    const stream = await attach(node, await RawPeer.start())
    const before = await node.ask('memory')
    const frames = Buffer.concat(Array.from({ length: 1000 }, () => framed(new Uint8Array())))
    expect(await flood(stream, 200, () => frames)).toBe(200)
    expect(await node.ask('memory') - before).toBeLessThan(20)
  })

  test('messages of topics that the node has not joined', async () => {
    const node = await NodeProcess.start()
    const stream = await attach(node, await RawPeer.start())
    const before = await node.ask('memory')
    await flood(stream, 300, (index) => framed(publishRpc(encodedMessage('/a/1/b/c', { size: 100_000 }), `/waku/2/rs/${clusterId}/${index}`)))
    expect(await node.ask('memory') - before).toBeLessThan(20)
  })

  test('subscriptions to ever new topics', async () => {
    const node = await NodeProcess.start()
    const peer = await RawPeer.start()
    const stream = await attach(node, peer)
    const before = await node.ask('memory')
    const topic = (index: number): string => `/waku/2/rs/${index}/${'x'.repeat(1000)}`
    await flood(stream, 100, (index) => framed(Buffer.concat(Array.from({ length: 500 }, (_, each) => chunk(1, Buffer.concat([number(1, 1), chunk(2, topic(index * 500 + each))]))))))
    // Of 50 MB of topics.
    expect(await node.ask('memory') - before).toBeLessThan(35)
  })

  test('100 MB of messages that are valid, all of which are delivered', async () => {
    const node = await NodeProcess.start()
    const stream = await attach(node, await RawPeer.start())
    const before = await node.ask('memory')
    const contentTopic = freshContentTopic()
    expect(await flood(stream, 1000, () => framed(publishRpc(encodedMessage(contentTopic, { size: 100_000 }))))).toBe(1000)
    await untilEqual(async () => (await node.ask('received')).numReceived, 1000)
    // Six windows of 8 MiB are kept for peers that ask.
    expect(await node.ask('memory') - before).toBeLessThan(75)
  })
})

describe('a peer that stops reading', () => {
  test('slows the publisher, is dropped, and the others get every message', async () => {
    const node = await NodeProcess.start()
    const stalled = await RawPeer.start({ handlers: { [protocolIds.relay]: (stream) => stream.pause() } })
    const reader = await nodes.start()
    const contentTopic = freshContentTopic()
    const received = collectMessages(reader, contentTopic)
    await reader.dial(node.address)
    const connection = await stalled.libp2p.dial(multiaddr(node.address))
    const stream = await connection.newStream(protocolIds.relay)
    await sendSlowly(stream, framed(chunk(1, Buffer.concat([number(1, 1), chunk(2, pubsubTopic)]))))
    await until(async () => expect(await reader.getPeersInMesh(pubsubTopic)).toContain(node.peerId))
    await untilEqual(async () => (await node.ask('mesh', { pubsubTopic })).length, 2)
    const before = await node.ask('memory')
    expect(await node.ask('publish', { count: 300, size: 100_000, pubsubTopic, contentTopic })).toBe(300)
    await until(async () => expect(await node.ask('peers')).toEqual([reader.peerId]))
    await until(() => expect(received).toHaveLength(300))
    expect(await node.ask('memory') - before).toBeLessThan(80)
  })
})

describe('a burst', () => {
  test.each([[300, 100_000], [4000, 1000]])('of %i messages of %i bytes, published at once, arrives whole and in order', async (count, size) => {
    const node = await NodeProcess.start()
    const reader = await nodes.start()
    const contentTopic = freshContentTopic()
    const indexes: number[] = []
    reader.on('message', ({ message }) => indexes.push(new DataView(message.payload.buffer, message.payload.byteOffset).getUint32(0)))
    await reader.dial(node.address)
    await until(async () => expect(await reader.getPeersInMesh(pubsubTopic)).toContain(node.peerId))
    expect(await node.ask('publish', { count, size, pubsubTopic, contentTopic })).toBe(count)
    await until(() => expect(indexes).toHaveLength(count))
    expect(indexes).toEqual(Array.from({ length: count }, (_, index) => index))
  })
})
