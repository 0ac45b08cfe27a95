import { createNode, type WakuNode } from 'nwaku-desktop'
import { expect, test } from 'vitest'
import { startCircuitRelay } from '../helpers/circuit-relay.js'
import { freePort } from '../helpers/free-port.js'
import { collectMessages, freshContentTopic, textMessage, untilReceived } from '../helpers/messages.js'
import { pubsubTopic, useNodes } from '../helpers/nodes.js'
import { until } from '../helpers/until.js'

const natTraversal = { circuitRelay: true, holePunching: true }
const nodes = useNodes(async (options) => await createNode({ host: '127.0.0.1', natTraversal, ...options }))

/** Waits until a node is reachable through a relay. @returns the address through it. */
async function relayedAddress (node: WakuNode): Promise<string> {
  return await until(async () => {
    const address = (await node.getListenAddresses()).find((each) => each.includes('/p2p-circuit'))
    if (address === undefined) throw new Error('no place on the relay yet')
    return address
  })
}

async function untilMeshed (node: WakuNode, other: WakuNode): Promise<void> {
  await until(async () => {
    expect(await node.getPeersInMesh(pubsubTopic)).toContain(other.peerId)
    expect(await other.getPeersInMesh(pubsubTopic)).toContain(node.peerId)
  })
}

async function exchange (node: WakuNode, other: WakuNode): Promise<void> {
  const contentTopic = freshContentTopic()
  const [received, receivedByOther] = [collectMessages(node, contentTopic), collectMessages(other, contentTopic)]
  // For a moment while one connection takes the place of another there is nobody to send to.
  await until(async () => await node.publish(textMessage(contentTopic, 'there'), { pubsubTopic }))
  await until(async () => await other.publish(textMessage(contentTopic, 'back'), { pubsubTopic }))
  await Promise.all([untilReceived(received, 2), untilReceived(receivedByOther, 2)])
}

const connectionTo = async (node: WakuNode, other: WakuNode): Promise<string | undefined> =>
  (await node.getPeers()).find(({ peerId, state }) => peerId === other.peerId && state === 'Connected')?.addresses[0]

test('a node gets a place on a relay that it is connected to, and messages go both ways through it', async () => {
  const relay = await startCircuitRelay()
  const hidden = await nodes.start({ staticPeers: [relay.address] })
  const other = await nodes.start()
  await other.dial(await relayedAddress(hidden))
  await untilMeshed(hidden, other)
  expect(await connectionTo(other, hidden)).toContain('/p2p-circuit')
  await exchange(hidden, other)
})

test('a relayed connection becomes a direct one when the dialling peer has an address that may be public, and messages go on', async () => {
  const relay = await startCircuitRelay()
  const hidden = await nodes.start({ staticPeers: [relay.address] })
  const port = await freePort()
  const other = await nodes.start({ port, announceAddresses: [`/dns4/localhost/tcp/${port}`] })
  await other.dial(await relayedAddress(hidden))
  await until(async () => expect(await connectionTo(hidden, other)).toContain('/dns4/localhost'))
  await until(async () => expect(await connectionTo(other, hidden)).not.toContain('/p2p-circuit'))
  await untilMeshed(hidden, other)
  await exchange(hidden, other)
})

test('a store behind a relay is asked through it', async () => {
  const relay = await startCircuitRelay()
  const hidden = await nodes.start({ staticPeers: [relay.address], store: {} })
  const other = await nodes.start()
  const address = await relayedAddress(hidden)
  await other.dial(address)
  await untilMeshed(hidden, other)
  const hash = await other.publish(textMessage(freshContentTopic(), 'kept'), { pubsubTopic })
  await until(async () => expect(await other.queryPresence([hash], { peer: address })).toEqual(new Map([[hash, true]])))
})

test('a relay that goes away is no reason to end', async () => {
  const relay = await startCircuitRelay()
  const hidden = await nodes.start({ staticPeers: [relay.address] })
  await relayedAddress(hidden)
  await relay.libp2p.stop()
  await until(async () => expect((await hidden.getListenAddresses()).filter((each) => each.includes('/p2p-circuit'))).toEqual([]))
  const other = await nodes.start()
  await other.dial((await hidden.getListenAddresses())[0] as string)
  await untilMeshed(hidden, other)
  await exchange(hidden, other)
})
