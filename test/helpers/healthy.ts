import { expect } from 'vitest'
import type { WakuNode } from 'nwaku-desktop'
import { collectMessages, freshContentTopic, textMessage, untilReceived } from './messages.js'
import { pubsubTopic } from './nodes.js'
import { encodedMessage, publishRpc, RawPeer } from './raw-peer.js'
import { nextEvent, until } from './until.js'

/** Asserts that a node still works: a healthy peer joins, and messages go both ways. */
export async function expectHealthy (node: WakuNode): Promise<void> {
  const peer = await RawPeer.joined(node)
  const contentTopic = freshContentTopic('healthy')
  const received = collectMessages(node, contentTopic)
  await peer.sendRpc(node, publishRpc(encodedMessage(contentTopic)))
  await untilReceived(received, 1)
  await node.publish(textMessage(contentTopic, 'to the peer'), { pubsubTopic })
  await until(() => expect(peer.published.length).toBeGreaterThan(0))
}

/** Waits until a node drops a peer. @returns the reason it tells. */
export async function untilDropped (node: WakuNode, peer: RawPeer): Promise<string | undefined> {
  const { reason } = await nextEvent(node, 'peer:disconnect', ({ peerId }) => peerId === peer.peerId)
  return reason
}
