import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { protocolIds, type PeerInfo, type WakuNode } from 'nwaku-desktop'
import { expectRejection } from '../helpers/expect-rejection.js'
import { freePort } from '../helpers/free-port.js'
import { listen } from '../helpers/listen.js'
import { collectMessages, freshContentTopic, textMessage, untilReceived } from '../helpers/messages.js'
import { addressOf, clusterId, connect, pubsubTopic, shardId, useNodes, useShared } from '../helpers/nodes.js'
import { strangersPeerId } from '../helpers/silent-peer.js'
import { temporaryFolder } from '../helpers/temporary-store.js'
import { nextEvent, until, untilEqual } from '../helpers/until.js'
import type { ProbedBackend } from './backend-under-test.js'

/** The base32 form of `strangersPeerId`. */
const strangersCid = 'bafzaajiiaijcca46xu3u52r357o7i253daxcsh5xdhxbw4c3bn4aefqqhdvx3kfagy'

const infoOf = async (node: WakuNode, peerId: string): Promise<PeerInfo | undefined> => (await node.getPeers()).find((peer) => peer.peerId === peerId)
const stateOf = async (node: WakuNode, other: WakuNode): Promise<PeerInfo['state'] | undefined> => (await infoOf(node, other.peerId))?.state
const numConnected = async (node: WakuNode): Promise<number> => (await node.getPeers()).filter(({ state }) => state === 'Connected').length

/** Connecting, being connected, and which peers do not fit. */
export function describePeers (backend: ProbedBackend): void {
  describe('peers', () => {
    describeConnections(backend)
    describeUnreachable(backend)
    describeMisfits(backend)
    describeWanted(backend)
  })
}

function describeConnections ({ createNode, supports }: ProbedBackend): void {
  const nodes = useNodes(createNode)
  const shared = useShared(createNode, async (own) => {
    const [node, other] = await own.startPair({ agent: 'compliance one' }, { agent: 'compliance two' })
    return { node, other }
  })

  test('dialling returns the peer id', async () => {
    const { node, other } = shared()
    expect(await node.dial(await addressOf(other))).toBe(other.peerId)
  })

  test('a connected peer is listed with what is known of it', async () => {
    const { node, other } = shared()
    await untilEqual(async () => await infoOf(node, other.peerId), {
      peerId: other.peerId,
      addresses: expect.arrayContaining([(await addressOf(other)).replace(`/p2p/${other.peerId}`, '')]) as string[],
      protocols: expect.arrayContaining([protocolIds.relay, protocolIds.metadata, protocolIds.ping]) as string[],
      state: 'Connected',
      ...(supports.peerDetails && { direction: 'outbound', agent: 'compliance two', shards: [shardId] })
    })
  })

  test('the side that was dialled knows it', async () => {
    const { node, other } = shared()
    await until(async () => { expect(await infoOf(other, node.peerId)).toMatchObject({ state: 'Connected', ...(supports.peerDetails && { direction: 'inbound', agent: 'compliance one' }) }) })
  })

  test('both sides tell of a connection, with the address of the other', async () => {
    const [node, other] = [await nodes.start(), await nodes.start()]
    const [here, there] = [nextEvent(node, 'peer:connect'), nextEvent(other, 'peer:connect')]
    const address = await addressOf(other)
    await node.dial(address)
    expect([`${(await here).address ?? ''}/p2p/${(await here).peerId}`, (await there).peerId]).toEqual([address, node.peerId])
  })

  test('disconnecting is told on both sides, without a reason', async () => {
    const [node, other] = await nodes.startPair()
    const [here, there] = [nextEvent(node, 'peer:disconnect'), nextEvent(other, 'peer:disconnect')]
    await node.disconnect(other.peerId)
    expect([await here, await there]).toEqual([{ peerId: other.peerId }, { peerId: node.peerId }])
    expect(await stateOf(node, other)).toBe('CanConnect')
  })

  test('a peer that was disconnected can be dialled again', async () => {
    const [node, other] = await nodes.startPair()
    await node.disconnect(other.peerId)
    await node.dial(await addressOf(other))
    expect(await stateOf(node, other)).toBe('Connected')
  })

  test('disconnecting a stranger does nothing', async () => {
    await shared().node.disconnect(strangersPeerId)
    expect(await numConnected(shared().node)).toBe(1)
  })

  test('many dials of one peer at once make one connection', async () => {
    const [node, other] = [await nodes.start(), await nodes.start()]
    const address = await addressOf(other)
    expect(new Set(await Promise.all(Array.from({ length: 10 }, async () => await node.dial(address))))).toEqual(new Set([other.peerId]))
    expect(await numConnected(node)).toBe(1)
  })

  test('two nodes that dial each other at once are connected', async () => {
    const [node, other] = [await nodes.start(), await nodes.start()]
    await Promise.all([node.dial(await addressOf(other)), other.dial(await addressOf(node))])
    expect([await stateOf(node, other), await stateOf(other, node)]).toEqual(['Connected', 'Connected'])
  })

  test('a ping tells the round trip in milliseconds', async () => {
    const { node, other } = shared()
    for (const peer of [other.peerId, await addressOf(other)]) {
      const ms = await node.ping(peer)
      expect(ms).toBeGreaterThanOrEqual(0)
      expect(ms).toBeLessThan(10_000)
    }
  })

  test('many pings of one peer at once are all answered', async () => {
    const { node, other } = shared()
    const times = await Promise.all(Array.from({ length: 16 }, async () => await node.ping(other.peerId)))
    expect(times.every((ms) => ms >= 0)).toBe(true)
  })

  test('connections beyond the limit are closed again', async () => {
    const node = await nodes.start({ maxConnections: 2 })
    const others = await Promise.all(Array.from({ length: 4 }, async () => await nodes.start()))
    const address = await addressOf(node)
    await Promise.allSettled(others.map(async (other) => await other.dial(address)))
    await untilEqual(async () => await numConnected(node), 2)
    await untilEqual(async () => (await Promise.all(others.map(numConnected))).reduce((sum, count) => sum + count), 2)
  })

  test.each(['', 'nonsense', strangersPeerId, '/ip4/127.0.0.1/tcp/1', '/ip4/127.0.0.1/tcp/70000/p2p/x', '/ip4/127.0.0.1/tcp/1/p2p/nonsense', null, 7])('the address %j cannot be dialled', async (address) => {
    await expectRejection(shared().node.dial(address as string), 'WAKU_INVALID_ARGUMENT', { argument: 'address' })
  })

  test.each(['', 'nonsense', '/ip4/127.0.0.1/tcp/1', null])('%j is no peer to ping or to disconnect', async (peer) => {
    await expectRejection(shared().node.ping(peer as string), 'WAKU_INVALID_ARGUMENT', { argument: 'peer' })
    await expectRejection(shared().node.disconnect(peer as string), 'WAKU_INVALID_ARGUMENT', { argument: 'peerId' })
  })

  test('a node neither dials nor pings itself', async () => {
    const { node } = shared()
    const address = await addressOf(node)
    await expectRejection(node.dial(address), 'WAKU_INVALID_ARGUMENT', { argument: 'address' })
    await expectRejection(node.ping(address), 'WAKU_INVALID_ARGUMENT', { argument: 'peer' })
    await expectRejection(node.ping(node.peerId), 'WAKU_INVALID_ARGUMENT', { argument: 'peer' })
  })
}

function describeUnreachable ({ createNode }: ProbedBackend): void {
  const nodes = useNodes(createNode)
  const shared = useShared(createNode, async (own) => await own.start())

  test('a port on which nobody listens is unreachable', async () => {
    const peer = `/ip4/127.0.0.1/tcp/${await freePort()}/p2p/${strangersPeerId}`
    await expectRejection(shared().dial(peer), 'WAKU_PEER_UNREACHABLE', { peer })
    await expectRejection(shared().ping(peer), 'WAKU_PEER_UNREACHABLE', { peer })
  })

  test('a peer id in its CID form is told in base58', async () => {
    const address = `/ip4/127.0.0.1/tcp/${await freePort()}/p2p/`
    await expectRejection(shared().dial(address + strangersCid), 'WAKU_PEER_UNREACHABLE', { peer: address + strangersPeerId })
  })

  test('a peer of which no address is known is unreachable', async () => {
    await expectRejection(shared().ping(strangersPeerId), 'WAKU_PEER_UNREACHABLE', { peer: strangersPeerId })
  })

  test('an address at which another peer answers is unreachable', async () => {
    const other = await createNode({ clusterId, shards: [shardId] })
    onTestFinished(async () => await other.close())
    await other.start()
    const peer = (await addressOf(other)).replace(other.peerId, strangersPeerId)
    await expectRejection(shared().dial(peer), 'WAKU_PEER_UNREACHABLE', { peer })
  })

  test('a server of another kind is unreachable', async () => {
    const server = createServer((socket) => { socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n') })
    const peer = `/ip4/127.0.0.1/tcp/${await listen(server)}/p2p/${strangersPeerId}`
    onTestFinished(() => { server.close() })
    await expectRejection(shared().dial(peer), 'WAKU_PEER_UNREACHABLE', { peer })
  })

  test('a WebSocket that fails after its dial was given up disturbs nothing', async () => {
    const failed = Promise.withResolvers<void>()
    const server = createServer((socket) => {
      socket.on('error', () => {}).on('close', () => failed.resolve())
      // The dial has been given up by then.
      socket.once('data', () => { void expectRejection(dialled, 'WAKU_ABORTED').then(() => socket.resetAndDestroy(), failed.reject) })
      controller.abort()
    })
    const address = `/ip4/127.0.0.1/tcp/${await listen(server)}/ws/p2p/${strangersPeerId}`
    onTestFinished(() => { server.close() })
    const controller = new AbortController()
    const node = await nodes.start({ websocketPort: 0 })
    const dialled = node.dial(address, { signal: controller.signal })
    await expectRejection(dialled, 'WAKU_ABORTED')
    await failed.promise
    expect(await node.getVersion()).not.toBe('')
  })

  test('an address of a transport that the node does not speak is unreachable', async () => {
    const peer = `/ip4/127.0.0.1/udp/1/quic-v1/p2p/${strangersPeerId}`
    await expectRejection(shared().dial(peer), 'WAKU_PEER_UNREACHABLE', { peer })
  })
}

function describeMisfits ({ createNode, supports }: ProbedBackend): void {
  const nodes = useNodes(createNode)

  test.runIf(supports.peerDetails)('a peer of another cluster is refused and dropped, and the reason told', async () => {
    const node = await nodes.start()
    const foreign = await nodes.start({ clusterId: 17 })
    const left = nextEvent(node, 'peer:disconnect')
    const error = await expectRejection(node.dial(await addressOf(foreign)), 'WAKU_PEER_UNREACHABLE')
    expect(error.details.reason).toContain('cluster 17')
    expect((await left).reason).toContain('cluster 17')
    await untilEqual(async () => await numConnected(foreign), 0)
  })

  test('a peer of another cluster is refused and dropped', async () => {
    const node = await nodes.start()
    const foreign = await nodes.start({ clusterId: 17 })
    await expectRejection(node.dial(await addressOf(foreign)), 'WAKU_PEER_UNREACHABLE')
    await untilEqual(async () => [await numConnected(node), await numConnected(foreign)], [0, 0])
  })

  test.runIf(supports.peerDetails)('a relay on no common shard is refused and dropped, and the reason told', async () => {
    const node = await nodes.start({ shards: [1, 2] })
    const disjoint = await nodes.start({ shards: [3] })
    const left = nextEvent(node, 'peer:disconnect')
    const error = await expectRejection(node.dial(await addressOf(disjoint)), 'WAKU_PEER_UNREACHABLE')
    expect(error.details.reason).toContain('shards 3')
    expect((await left).reason).toContain('shards 3')
  })

  test('relays with one common shard out of several fit', async () => {
    const [node, other] = [await nodes.start({ shards: [1, 2] }), await nodes.start({ shards: [2, 3] })]
    await connect(node, other)
    expect((await infoOf(node, other.peerId))?.shards).toEqual(supports.peerDetails ? [2, 3] : undefined)
  })

  test('a client without relay fits everywhere in its cluster', async () => {
    const [client, relay] = [await nodes.start({ relay: false }), await nodes.start({ shards: [3] })]
    await client.dial(await addressOf(relay))
    expect(await client.ping(relay.peerId)).toBeGreaterThanOrEqual(0)
    expect(await stateOf(relay, client)).toBe('Connected')
  })

  test('cluster 0 is a cluster like others', async () => {
    const [node, other] = await nodes.startPair({ clusterId: 0, shards: [0] })
    expect(await stateOf(node, other)).toBe('Connected')
    await expectRejection((await nodes.start()).dial(await addressOf(node)), 'WAKU_PEER_UNREACHABLE')
  })
}

function describeWanted ({ createNode, supports }: ProbedBackend): void {
  const nodes = useNodes(createNode)

  test('static peers and stores are connected to at start', async () => {
    const [peer, store] = [await nodes.start(), await nodes.start({ store: {} })]
    const node = await nodes.start({ staticPeers: [await addressOf(peer)], storePeers: [await addressOf(store)] })
    await untilEqual(async () => await numConnected(node), 2)
  })

  test.runIf(supports.restart)('a static peer that restarts is connected to again, and messages flow', async () => {
    const other = await nodes.start({ port: await freePort() })
    const node = await nodes.start({ staticPeers: [await addressOf(other)] })
    await untilEqual(async () => await stateOf(node, other), 'Connected')
    const left = nextEvent(node, 'peer:disconnect')
    await other.stop()
    await left
    await other.start()
    await untilEqual(async () => await stateOf(node, other), 'Connected')
    const contentTopic = freshContentTopic()
    const received = collectMessages(other, contentTopic)
    await until(async () => await node.publish(textMessage(contentTopic, 'back'), { pubsubTopic }))
    await untilReceived(received, 1)
  })

  test('a static peer that comes up later is connected to then', async () => {
    const port = await freePort()
    const nodeKey = 'ab'.repeat(32)
    const late = await nodes.create({ port, nodeKey })
    const node = await nodes.start({ staticPeers: [`/ip4/127.0.0.1/tcp/${port}/p2p/${late.peerId}`] })
    await untilEqual(async () => await stateOf(node, late) !== 'Connected', true)
    await late.start()
    await untilEqual(async () => await stateOf(node, late), 'Connected')
  })

  test('a node with a place to keep peers finds them again after it was closed', async () => {
    const peerStorePath = temporaryFolder()
    const other = await nodes.start()
    const node = await nodes.start({ peerStorePath })
    await connect(node, other)
    await node.close()
    const again = await nodes.start({ peerStorePath })
    await untilEqual(async () => await stateOf(again, other), 'Connected')
  })
}
