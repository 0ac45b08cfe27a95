import { createNode, protocolIds } from 'nwaku-desktop'
import { describe, expect, test } from 'vitest'
import { expectHealthy, untilDropped } from '../helpers/healthy.js'
import { addressOf, clusterId, shardId, useNodes } from '../helpers/nodes.js'
import { chunk, framed, number, varint } from '../helpers/protobuf-bytes.js'
import { fittingMetadata, RawPeer, send, unframed, untilClosed } from '../helpers/raw-peer.js'
import { expectRejection } from '../helpers/expect-rejection.js'
import { until } from '../helpers/until.js'

const nodes = useNodes(async (options) => await createNode({ host: '127.0.0.1', ...options }))

describe('on a new connection', () => {
  test.each(['dials', 'is dialled'])('the node that %s asks with cluster and shards', async (role) => {
    const node = await nodes.start({ shards: [shardId, 300] })
    const peer = await RawPeer.start()
    if (role === 'dials') await node.dial(peer.address)
    else await peer.dial(node)
    await until(() => expect(peer.metadataRequests).toHaveLength(1))
    expect(Buffer.from(peer.metadataRequests[0] as Uint8Array)).toEqual(Buffer.concat([number(1, clusterId), number(2, shardId), number(2, 300)]))
  })

  test('cluster 0 is written, because an absent one means none', async () => {
    const node = await nodes.start({ clusterId: 0, shards: [1] })
    const peer = await RawPeer.start({ metadata: () => Buffer.concat([number(1, 0), number(2, 1)]) })
    await node.dial(peer.address)
    expect(Buffer.from(peer.metadataRequests[0] as Uint8Array)).toEqual(Buffer.concat([number(1, 0), number(2, 1)]))
    expect(peer.isConnectedTo(node)).toBe(true)
  })

  test('the node answers with what it asks, and closes', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.start()
    await peer.dial(node)
    const answer = await peer.exchange(node, protocolIds.metadata, framed(fittingMetadata))
    expect(Buffer.from(unframed(answer))).toEqual(fittingMetadata)
  })

  test('shards follow the subscriptions', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.start()
    await node.subscribe({ pubsubTopic: `/waku/2/rs/${clusterId}/40` }, () => {})
    await peer.dial(node)
    await until(() => expect(peer.metadataRequests).toHaveLength(1))
    expect(Buffer.from(peer.metadataRequests[0] as Uint8Array)).toEqual(Buffer.concat([number(1, clusterId), number(2, shardId), number(2, 40)]))
  })

  test.each([
    ['with shards packed as field 3, as nwaku writes', Buffer.concat([number(1, clusterId), chunk(3, varint(shardId))])],
    ['with shards packed as field 2', Buffer.concat([number(1, clusterId), chunk(2, varint(shardId))])],
    ['with unknown fields', Buffer.concat([chunk(99, 'x'), fittingMetadata])]
  ])('a peer %s is kept', async (_, metadata) => {
    const node = await nodes.start()
    const peer = await RawPeer.start({ metadata: () => metadata })
    await node.dial(peer.address)
    expect(await node.getPeers()).toMatchObject([{ peerId: peer.peerId, state: 'Connected', shards: [shardId] }])
  })

  test('a peer that shares no shard and does not relay is kept', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.start({ relay: false, metadata: () => number(1, clusterId) })
    await node.dial(peer.address)
    expect(peer.isConnectedTo(node)).toBe(true)
  })
})

describe('a peer is dropped, and dialling it tells why, when it', () => {
  test.each<[string, () => Uint8Array | undefined, string]>([
    ['belongs to no cluster', () => number(2, shardId), 'it is on cluster none'],
    ['is on another cluster', () => Buffer.concat([number(1, 17), number(2, shardId)]), 'it is on cluster 17'],
    ['relays other shards only', () => Buffer.concat([number(1, clusterId), number(2, 1), number(2, 2)]), 'it relays shards 1, 2'],
    ['relays no shard', () => number(1, clusterId), 'it relays shards none'],
    ['answers with garbage', () => Buffer.from([0x0a, 0xff]), 'metadata exchange failed'],
    ['names more shards than there are', () => Buffer.concat([number(1, clusterId), chunk(3, new Uint8Array(1010).fill(1)), chunk(3, new Uint8Array(20).fill(1))]), 'metadata exchange failed'],
    ['answers with 2 KiB', () => Buffer.concat([fittingMetadata, chunk(99, new Uint8Array(2048))]), 'metadata exchange failed'],
    ['claims clusters that differ', () => Buffer.concat([number(1, clusterId), number(1, 17), number(2, shardId)]), 'it is on cluster 17']
  ])('%s', async (_, metadata, reason) => {
    const node = await nodes.start()
    const peer = await RawPeer.start({ metadata })
    const dropped = untilDropped(node, peer)
    await expectRejection(node.dial(peer.address), 'WAKU_PEER_UNREACHABLE', { reason: expect.stringContaining(reason) as string })
    expect(await dropped).toContain(reason)
    await until(() => expect(peer.isConnectedTo(node)).toBe(false))
  })

  test.each<[string, (stream: Parameters<typeof send>[0]) => void]>([
    ['closes the stream instead of answering', (stream) => { void stream.close() }],
    ['resets the stream instead of answering', (stream) => stream.abort(new Error('no'))],
    ['announces 4 GiB', (stream) => send(stream, varint(2 ** 32))],
    ['announces a length that never ends', (stream) => send(stream, new Uint8Array(4096).fill(0x80))],
    ['stops in the middle', (stream) => { send(stream, Uint8Array.of(4, 8)); void stream.close() }]
  ])('%s', async (_, handler) => {
    const node = await nodes.start()
    const peer = await RawPeer.start({ handlers: { [protocolIds.metadata]: handler } })
    await expectRejection(node.dial(peer.address), 'WAKU_PEER_UNREACHABLE', { reason: expect.stringContaining('metadata exchange failed') as string })
    await expectHealthy(node)
  })

  test('never answers', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.start({ metadata: undefined })
    const dropped = untilDropped(node, peer)
    await peer.dial(node)
    await expectHealthy(node)
    expect(await dropped).toContain('metadata exchange failed')
  })
})

describe('the node stands', () => {
  test.each([
    ['garbage', framed(Uint8Array.of(0xff, 0xff, 0xff))],
    ['nothing', new Uint8Array([0])],
    ['an announced 4 GiB', varint(2 ** 32)],
    ['a length that never ends', new Uint8Array(4096).fill(0x80)],
    ['more than was announced', Buffer.concat([framed(fittingMetadata), new Uint8Array(100_000)])]
  ])('a request of %s', async (_, bytes) => {
    const node = await nodes.start()
    const peer = await RawPeer.start()
    await peer.dial(node)
    const stream = await peer.open(node, protocolIds.metadata)
    const closed = untilClosed(stream)
    send(stream, bytes)
    if (bytes.byteLength === 1) await stream.close()
    await closed
    expect(peer.isConnectedTo(node)).toBe(true)
    await expectHealthy(node)
  })

  test('requests that never end: the peer gets no more streams than its share', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.start()
    await peer.dial(node)
    const streams = (await Promise.allSettled(Array.from({ length: 60 }, async () => await peer.open(node, protocolIds.metadata))))
      .flatMap((opened) => opened.status === 'fulfilled' ? [opened.value] : [])
    for (const stream of streams) send(stream, Uint8Array.of(200))
    await until(() => expect(streams.filter(({ status }) => status === 'open').length).toBeLessThanOrEqual(32))
    await expectHealthy(node)
  })

  test('two nodes that dial each other at the same time', async () => {
    const [a, b] = await Promise.all([nodes.start(), nodes.start()])
    const [addressA, addressB] = await Promise.all([addressOf(a), addressOf(b)])
    await Promise.all([a.dial(addressB), b.dial(addressA)])
    await until(async () => {
      expect(await a.getPeersInMesh(`/waku/2/rs/${clusterId}/${shardId}`)).toEqual([b.peerId])
      expect(await b.getPeersInMesh(`/waku/2/rs/${clusterId}/${shardId}`)).toEqual([a.peerId])
    })
  })
})
