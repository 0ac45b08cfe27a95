import { createNode, protocolIds } from 'nwaku-desktop'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, test } from 'vitest'
import { collectMessages, freshContentTopic, textMessage, untilReceived } from '../helpers/messages.js'
import { pubsubTopic, useNodes } from '../helpers/nodes.js'
import { framed } from '../helpers/protobuf-bytes.js'
import { encodedMessage, fittingMetadata, publishRpc, RawPeer, unframed } from '../helpers/raw-peer.js'
import { until } from '../helpers/until.js'

const nodes = useNodes(async (options) => await createNode({ host: '127.0.0.1', websocketPort: 0, ...options }))

test('the node tells an address for TCP and one for WebSocket, TCP first', async () => {
  const node = await nodes.start()
  const addresses = await node.getListenAddresses()
  expect(addresses).toEqual([
    expect.stringMatching(`^/ip4/127\\.0\\.0\\.1/tcp/[1-9]\\d*/p2p/${node.peerId}$`),
    expect.stringMatching(`^/ip4/127\\.0\\.0\\.1/tcp/[1-9]\\d*/ws/p2p/${node.peerId}$`)
  ])
})

test.each(['tcp', 'webSocket'] as const)('messages go both ways to a peer that dials over %s and knows no muxer but mplex, as light nodes of js-waku', async (transport) => {
  const node = await nodes.start()
  const peer = await RawPeer.start({ transport, muxer: 'mplex' })
  const address = (await node.getListenAddresses())[transport === 'tcp' ? 0 : 1] as string
  await peer.libp2p.dial(multiaddr(address))
  expect(peer.connectionTo(node).multiplexer).toBe('/mplex/6.7.0')
  await until(() => expect(peer.rpcs.length).toBeGreaterThan(0))
  await peer.subscribe(node)
  await until(async () => expect(await node.getPeersInMesh(pubsubTopic)).toEqual([peer.peerId]))
  const contentTopic = freshContentTopic()
  const received = collectMessages(node, contentTopic)
  await peer.sendRpc(node, publishRpc(encodedMessage(contentTopic, { size: 100_000 })))
  await untilReceived(received, 1)
  await node.publish(textMessage(contentTopic, 'to the light node'), { pubsubTopic })
  await until(() => expect(peer.published).toHaveLength(1))
})

test.each(['mplex', 'yamux'] as const)('a peer with %s may open many streams at once as soon as it is connected, as light nodes of js-waku do', async (muxer) => {
  const node = await nodes.start()
  const peer = await RawPeer.start({ transport: 'webSocket', muxer })
  const [, address] = await node.getListenAddresses()
  await peer.libp2p.dial(multiaddr(address))
  const answers = await Promise.all(Array.from({ length: 30 }, async () => await peer.exchange(node, protocolIds.metadata, framed(fittingMetadata))))
  for (const answer of answers) expect(Buffer.from(unframed(answer))).toEqual(fittingMetadata)
  expect(peer.isConnectedTo(node)).toBe(true)
})

test('a node reaches a peer that listens on WebSocket only', async () => {
  const node = await nodes.start()
  const peer = await RawPeer.start({ transport: 'webSocket', muxer: 'mplex' })
  await node.dial(peer.address)
  expect(await node.ping(peer.peerId)).toBeGreaterThanOrEqual(0)
  expect(await node.getPeers()).toMatchObject([{ peerId: peer.peerId, state: 'Connected', direction: 'outbound' }])
})

test('two nodes exchange messages over WebSocket', async () => {
  const [node, other] = await Promise.all([nodes.start(), nodes.start()])
  await node.dial((await other.getListenAddresses())[1] as string)
  await until(async () => expect(await other.getPeersInMesh(pubsubTopic)).toEqual([node.peerId]))
  const contentTopic = freshContentTopic()
  const received = collectMessages(node, contentTopic)
  await other.publish(textMessage(contentTopic, 'hello'), { pubsubTopic })
  await untilReceived(received, 1)
})

test('a peer with yamux and mplex is spoken to over yamux', async () => {
  const [node, other] = await Promise.all([nodes.start(), nodes.start()])
  const peer = await RawPeer.start()
  await peer.dial(node)
  await node.dial((await other.getListenAddresses())[0] as string)
  expect(peer.connectionTo(node).multiplexer).toBe('/yamux/1.0.0')
})
