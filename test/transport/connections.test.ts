import { createNode } from 'nwaku-desktop'
import { describe, expect, test } from 'vitest'
import { freePort } from '../helpers/free-port.js'
import { expectHealthy } from '../helpers/healthy.js'
import { clusterId, shardId, useNodes } from '../helpers/nodes.js'
import { RawPeer } from '../helpers/raw-peer.js'
import { until, untilEqual } from '../helpers/until.js'

const nodes = useNodes(async (options) => await createNode({ host: '127.0.0.1', ...options }))

describe('a flood of peers', () => {
  test('leaves no more connections than are allowed, keeps the configured peer, and lets others in when it is over', async () => {
    const configured = await nodes.start()
    const node = await nodes.start({ maxConnections: 6, staticPeers: [(await configured.getListenAddresses())[0] as string] })
    const connected = async (): Promise<string[]> => (await node.getPeers()).filter(({ state }) => state === 'Connected').map(({ peerId }) => peerId)
    await untilEqual(connected, [configured.peerId])
    const peers = await Promise.all(Array.from({ length: 16 }, async () => await RawPeer.start()))
    await Promise.allSettled(peers.map(async (peer) => await peer.dial(node)))
    await until(async () => expect((await connected()).length).toBeLessThanOrEqual(6))
    expect(await connected()).toContain(configured.peerId)
    expect(peers.filter((peer) => peer.isConnectedTo(node)).length).toBeGreaterThan(0)
    await Promise.all(peers.map(async (peer) => await peer.libp2p.stop()))
    await untilEqual(connected, [configured.peerId])
    await expectHealthy(node)
  })
})

describe('a configured peer', () => {
  test('that is not there yet is connected to when it comes', async () => {
    const port = await freePort()
    const nodeKey = '22'.repeat(32)
    const other = await nodes.create({ port, nodeKey })
    const node = await nodes.start({ staticPeers: [`/ip4/127.0.0.1/tcp/${port}/p2p/${other.peerId}`] })
    await untilEqual(async () => (await node.getMetrics()).includes('libp2p_failed_dials_total 1'), true)
    await other.start()
    await untilEqual(async () => (await node.getPeers())[0]?.state, 'Connected')
  })

  test('that went away is connected to again when it is back', async () => {
    const other = await nodes.start({ port: await freePort() })
    const node = await nodes.start({ staticPeers: [(await other.getListenAddresses())[0] as string] })
    await untilEqual(async () => (await node.getPeers())[0]?.state, 'Connected')
    await other.stop()
    await until(async () => expect((await node.getPeers())[0]?.state).not.toBe('Connected'))
    await other.start()
    await until(async () => expect(await node.getPeersInMesh(`/waku/2/rs/${clusterId}/${shardId}`)).toEqual([other.peerId]))
  })
})
