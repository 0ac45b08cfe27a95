import { createNode, type WakuNode } from 'nwaku-desktop'
import { describe, expect, test } from 'vitest'
import { freePort } from '../helpers/free-port.js'
import { collectMessages, freshContentTopic, textMessage, textOf } from '../helpers/messages.js'
import { addressOf, connect, pubsubTopic, untilMeshed, useNodes } from '../helpers/nodes.js'
import { collectEvents, nextEvent, until, untilEqual } from '../helpers/until.js'
import { isolatedBackends } from './helpers/isolated-backends.js'
import { hostPidsOf } from './helpers/processes.js'

// What peers are.
const inProcess = { backend: 'js', isolation: 'in-process' } as const

describe.each(isolatedBackends)('a node whose process is killed, with $name,', ({ options: isolated }) => {
  const nodes = useNodes(async (options) => await createNode({ ...isolated, host: '127.0.0.1', ...options }))

  test('stays started, with its identity and its addresses', async () => {
    const node = await nodes.start({ websocketPort: 0 })
    const statuses = collectEvents(node, 'status')
    const [addresses, enr] = [await node.getListenAddresses(), await node.getEnr()]
    await killProcess(node)
    expect(await node.getListenAddresses()).toEqual(addresses)
    expect((await node.getEnr()).slice(0, 4)).toBe(enr.slice(0, 4))
    expect(node.status).toBe('started')
    expect(statuses).toEqual([])
  })

  test('tells the id of its process, and of the one that takes its place', async () => {
    const node = await nodes.start()
    const first = node.pid
    expect(hostPidsOf(process.pid)).toContain(first)
    const restarted = nextEvent(node, 'backend:restart')
    await killProcess(node)
    expect(node.pid).toBe((await restarted).pid)
    expect(node.pid).not.toBe(first)
  })

  test('tells that its peers are gone, and that they are back', async () => {
    const [node, peer] = await startPair()
    const statuses = collectEvents(node, 'connection:status')
    const left = nextEvent(node, 'peer:disconnect')
    const back = nextEvent(node, 'peer:connect')
    await killProcess(node)
    expect(await left).toEqual({ peerId: peer.peerId, reason: "the backend's process ended" })
    expect((await back).peerId).toBe(peer.peerId)
    await until(() => { expect(statuses.map(({ status }) => status)).toEqual(['Disconnected', 'PartiallyConnected']) })
  })

  test('delivers to its subscriptions again', async () => {
    const [node, peer] = await startPair()
    const contentTopic = freshContentTopic('restart')
    const texts: string[] = []
    await node.subscribe({ pubsubTopic, contentTopics: [contentTopic] }, (received) => { texts.push(textOf(received)) })
    await killProcess(node)
    await untilMeshed(node, peer)
    await peer.publish(textMessage(contentTopic, 'after'), { pubsubTopic })
    await untilEqual(() => texts, ['after'])
  })

  test('is connected again to a peer that had come by itself', async () => {
    const node = await nodes.start()
    const peer = await nodes.start(inProcess)
    await connect(peer, node)
    // The node learns where a peer listens when it is identified.
    await until(async () => { expect((await node.getPeers())[0]?.addresses.length).toBeGreaterThan(1) })
    await node.getVersion()
    await killProcess(node)
    await untilMeshed(node, peer)
  })

  test('leaves a static peer alone that was disconnected', async () => {
    const { node, peer, other } = await startWithStaticPeers()
    await node.disconnect(peer.peerId)
    await killProcess(node)
    await untilMeshed(node, other)
    expect(await connectedTo(node)).toEqual([other.peerId])
  })

  test('is connected again to a static peer that was disconnected and came back by itself', async () => {
    const { node, peer, address } = await startWithStaticPeers()
    const left = nextEvent(peer, 'peer:disconnect')
    await node.disconnect(peer.peerId)
    await left
    const back = nextEvent(node, 'peer:connect', ({ peerId }) => peerId === peer.peerId)
    await peer.dial(address)
    await back
    await killProcess(node)
    await until(async () => { expect(await connectedTo(node)).toContain(peer.peerId) })
  })

  test('answers calls that were under way', async () => {
    const [node, peer] = await startPair({ store: {} })
    const contentTopic = freshContentTopic('restart')
    const hash = await peer.publish(textMessage(contentTopic, 'kept'), { pubsubTopic })
    await until(async () => { expect((await peer.queryPresence([hash], { peer: peer.peerId })).get(hash)).toBe(true) })
    const exited = nextEvent(node, 'backend:exit')
    hostPidsOf(process.pid).forEach((pid) => process.kill(pid, 'SIGKILL'))
    const page = node.queryStore({ pubsubTopic, contentTopics: [contentTopic] }, { peer: await addressOf(peer) })
    const published = node.publish(textMessage(contentTopic, 'meanwhile'), { pubsubTopic })
    await exited
    expect((await page).messages.map(({ messageHash }) => messageHash)).toContain(hash)
    expect(collectMessages(peer, contentTopic)).toEqual([])
    await published
  })

  test('can be stopped and started again', async () => {
    const [node, peer] = await startPair()
    await killProcess(node)
    await node.stop()
    await node.start()
    await connect(node, peer)
  })

  // The node tells its peers an address where nobody listens, so that it is left alone by those it has left.
  async function startWithStaticPeers (): Promise<{ node: WakuNode, address: string, peer: WakuNode, other: WakuNode }> {
    const [peer, other] = await Promise.all([nodes.start(inProcess), nodes.start(inProcess)])
    const [port, deadPort] = [await freePort(), await freePort()]
    const node = await nodes.start({ port, announceAddresses: [`/ip4/127.0.0.1/tcp/${deadPort}`], staticPeers: [await addressOf(peer), await addressOf(other)] })
    await Promise.all([untilMeshed(node, peer), untilMeshed(node, other)])
    return { node, address: `/ip4/127.0.0.1/tcp/${port}/p2p/${node.peerId}`, peer, other }
  }

  async function startPair (peerOptions = {}): Promise<[WakuNode, WakuNode]> {
    const [node, peer] = await Promise.all([nodes.start(), nodes.start({ ...peerOptions, ...inProcess })])
    await connect(node, peer)
    return [node, peer]
  }
})

async function connectedTo (node: WakuNode): Promise<string[]> {
  return (await node.getPeers()).filter(({ state }) => state === 'Connected').map(({ peerId }) => peerId)
}

async function killProcess (node: WakuNode): Promise<void> {
  const restarted = nextEvent(node, 'backend:restart')
  hostPidsOf(process.pid).forEach((pid) => process.kill(pid, 'SIGKILL'))
  await restarted
}
