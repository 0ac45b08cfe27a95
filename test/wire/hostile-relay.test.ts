import { createNode, protocolIds } from 'nwaku-desktop'
import { describe, expect, test } from 'vitest'
import { expectHealthy, untilDropped } from '../helpers/healthy.js'
import { collectMessages, freshContentTopic, untilReceived } from '../helpers/messages.js'
import { clusterId, pubsubTopic, shardId, useNodes } from '../helpers/nodes.js'
import { chunk, framed, number, varint } from '../helpers/protobuf-bytes.js'
import { encodedMessage, publishRpc, RawPeer, send } from '../helpers/raw-peer.js'
import { until } from '../helpers/until.js'

const nodes = useNodes(async (options) => await createNode({ host: '127.0.0.1', ...options }))
const subscribe = (topic: string): Uint8Array => chunk(1, Buffer.concat([number(1, 1), chunk(2, topic)]))

describe('a peer is dropped', () => {
  test.each([
    ['sends an RPC that cannot be decoded', framed(Uint8Array.of(0x0a, 0xff, 0xff))],
    ['announces an RPC of 4 GiB', varint(2 ** 32)],
    ['announces a length that never ends', new Uint8Array(100).fill(0x80)],
    ['sends more subscriptions in one RPC than anybody has', framed(Buffer.concat(Array.from({ length: 5001 }, (_, index) => subscribe(`${index}`))))]
  ])('that %s', async (_, bytes) => {
    const node = await nodes.start()
    const peer = await RawPeer.joined(node)
    const dropped = untilDropped(node, peer)
    send(await peer.relayStream(node), bytes)
    expect(await dropped).toContain('it sent an RPC')
    await expectHealthy(node)
  })

  test('that goes on sending messages which are not valid', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.joined(node)
    const dropped = untilDropped(node, peer)
    for (let index = 0; index < 20; index++) await peer.sendRpc(node, publishRpc(Buffer.from(`garbage ${index}`)))
    expect(await dropped).toBe('its messages are not valid')
    await expectHealthy(node)
  })

  test('that goes on sending signed messages', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.joined(node)
    const dropped = untilDropped(node, peer)
    for (let index = 0; index < 20; index++) await peer.sendRpc(node, publishRpc(encodedMessage(freshContentTopic()), pubsubTopic, chunk(5, new Uint8Array(64))))
    expect(await dropped).toBe('its messages are not valid')
  })
})

describe('a message is refused, and the peer stays, when it', () => {
  test.each([
    ['is larger than the limit', (contentTopic: string) => encodedMessage(contentTopic, { size: 153_600 })],
    ['cannot be decoded', () => Buffer.from('this is no message')],
    ['lacks its payload', (contentTopic: string) => chunk(2, contentTopic)],
    ['has a meta of 65 bytes', (contentTopic: string) => encodedMessage(contentTopic, { meta: new Uint8Array(65) })],
    ['is empty', () => new Uint8Array()]
  ])('%s', async (_, data) => {
    const node = await nodes.start()
    const [peer, other] = await Promise.all([RawPeer.joined(node), RawPeer.joined(node)])
    const contentTopic = freshContentTopic()
    const received = collectMessages(node, contentTopic)
    await peer.sendRpc(node, publishRpc(data(contentTopic)))
    const good = encodedMessage(contentTopic)
    await peer.sendRpc(node, publishRpc(good))
    await untilReceived(received, 1)
    await until(() => expect(other.published).toHaveLength(1))
    expect(received).toHaveLength(1)
    expect(peer.isConnectedTo(node)).toBe(true)
  })

  test('carries a wrong signature on a protected shard', async () => {
    const publicKey = '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'
    const node = await nodes.start({ protectedShards: [{ shardId, publicKey }] })
    const signer = await nodes.start({ protectedShards: [{ shardId, publicKey, signingKey: `${'0'.repeat(63)}1` }] })
    const peer = await RawPeer.joined(node)
    await signer.dial((await node.getListenAddresses())[0] as string)
    await until(async () => expect(await signer.getPeersInMesh(pubsubTopic)).toContain(node.peerId))
    const contentTopic = freshContentTopic()
    const received = collectMessages(node, contentTopic)
    await peer.sendRpc(node, publishRpc(encodedMessage(contentTopic, { meta: new Uint8Array(64).fill(7) })))
    await peer.sendRpc(node, publishRpc(encodedMessage(contentTopic)))
    const hash = await signer.publish({ contentTopic, payload: Buffer.from('signed') }, { pubsubTopic })
    await untilReceived(received, 1)
    expect(received.map(({ messageHash }) => messageHash)).toEqual([hash])
    expect(peer.isConnectedTo(node)).toBe(true)
  })

  test('comes on a topic that the node has not joined', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.joined(node)
    const contentTopic = freshContentTopic()
    const received = collectMessages(node, contentTopic)
    await peer.sendRpc(node, publishRpc(encodedMessage(contentTopic), `/waku/2/rs/${clusterId}/${shardId + 1}`))
    await peer.sendRpc(node, publishRpc(encodedMessage(contentTopic)))
    await untilReceived(received, 1)
    expect(received.map((each) => each.pubsubTopic)).toEqual([pubsubTopic])
  })
})

describe('the node stands', () => {
  test('streams that are opened and left, half-closed and reset', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.joined(node)
    for (let index = 0; index < 40; index++) {
      const stream = await peer.open(node, protocolIds.relay).catch(() => undefined)
      if (stream === undefined) break
      if (index % 3 === 0) await stream.close()
      else if (index % 3 === 1) stream.abort(new Error('reset'))
      else send(stream, varint(1000))
    }
    await expectHealthy(node)
  })

  test('a peer that resets the stream on which it is sent to: it is opened again', async () => {
    const node = await nodes.start()
    const streams: Array<{ abort (error: Error): void }> = []
    const peer = await RawPeer.start({ handlers: { [protocolIds.relay]: (stream) => streams.push(stream) } })
    await peer.join(node)
    await until(() => expect(streams).toHaveLength(1))
    streams[0]?.abort(new Error('reset'))
    await until(() => expect(streams.length).toBeGreaterThan(1))
    expect(peer.isConnectedTo(node)).toBe(true)
  })

  test('peers that never answer when a stream is opened to them: others get theirs at once', async () => {
    const node = await nodes.start()
    const silent = await Promise.all(Array.from({ length: 3 }, async () => await RawPeer.start({ relay: false })))
    for (const peer of silent) {
      await peer.dial(node)
      await until(() => expect(peer.metadataRequests).toHaveLength(1))
      peer.hangs = true
      await peer.libp2p.handle(protocolIds.relay, () => {})
    }
    await until(async () => {
      const speaking = (await node.getPeers()).filter(({ protocols }) => protocols.includes(protocolIds.relay))
      expect(speaking).toHaveLength(silent.length)
    })
    const startedAt = performance.now()
    await expectHealthy(node)
    expect(performance.now() - startedAt, 'less than one of them is waited for').toBeLessThan(8000)
  })

  test('control messages for topics, messages and peers that do not exist', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.joined(node)
    const ids = Array.from({ length: 500 }, (_, index) => chunk(2, new Uint8Array(32).fill(index & 255)))
    const wanted = Array.from({ length: 500 }, (_, index) => chunk(1, new Uint8Array(32).fill(index & 255)))
    for (let index = 0; index < 50; index++) {
      await peer.sendRpc(node, chunk(3, chunk(1, Buffer.concat([chunk(1, pubsubTopic), ...ids]))))
      await peer.sendRpc(node, chunk(3, chunk(1, Buffer.concat([chunk(1, '/no/such/topic'), ...ids]))))
      await peer.sendRpc(node, chunk(3, chunk(2, Buffer.concat(wanted))))
      await peer.sendRpc(node, chunk(3, chunk(3, chunk(1, `/no/such/topic/${index}`))))
      await peer.sendRpc(node, chunk(3, chunk(4, Buffer.concat([chunk(1, pubsubTopic), chunk(2, chunk(1, 'no peer id')), number(3, 2n ** 63n)]))))
      await peer.sendRpc(node, chunk(3, chunk(5, Buffer.concat(wanted))))
    }
    await expectHealthy(node)
  })
})
