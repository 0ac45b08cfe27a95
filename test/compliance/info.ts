import { ENR } from '@chainsafe/enr'
import { describe, expect, test } from 'vitest'
import { freshContentTopic, textMessage, untilReceived, collectMessages } from '../helpers/messages.js'
import { addressOf, pubsubTopic, useNodes, useShared } from '../helpers/nodes.js'
import { until } from '../helpers/until.js'
import type { ProbedBackend } from './backend-under-test.js'

/** Decodes a record, checking its signature, and returns its fields as they are on the wire. */
function fieldsOf (text: string): { readonly peerId: string, readonly get: (key: string) => number[] | undefined } {
  const enr = ENR.decodeTxt(text)
  return { peerId: enr.peerId.toString(), get: (key) => { const value = enr.kvs.get(key); return value === undefined ? undefined : [...value] } }
}

/** What a node tells of itself: identity, addresses, record, version, metrics. */
export function describeInfo ({ createNode, supports }: ProbedBackend): void {
  describe('information', () => {
    const nodes = useNodes(createNode)
    const shared = useShared(createNode, async (own) => {
      const [node, other] = await own.startPair({ shards: [32, 7] }, { store: {}, shards: [32, 7] })
      return { node, other }
    })

    test('a node key makes the identity', async () => {
      const [one, same, other] = [await nodes.create({ nodeKey: '01'.repeat(32) }), await nodes.create({ nodeKey: '01'.repeat(32) }), await nodes.create()]
      expect(one.peerId).toBe(same.peerId)
      expect(one.peerId).toMatch(/^16Uiu2HA[1-9A-HJ-NP-Za-km-z]{45}$/)
      expect(other.peerId).not.toBe(one.peerId)
    })

    test('a node listens on loopback at a port that it tells', async () => {
      const { node } = shared()
      expect(await addressOf(node)).toMatch(new RegExp(`^/ip4/127\\.0\\.0\\.1/tcp/[1-9]\\d*/p2p/${node.peerId}$`))
    })

    test.runIf(supports.webSocket)('a node with a WebSocket port tells it, and is reached there', async () => {
      // Some dial only over what they listen on.
      const [node, other] = [await nodes.start({ websocketPort: 0 }), await nodes.start({ websocketPort: 0 })]
      const address = (await node.getListenAddresses()).find((each) => each.includes('/ws/')) ?? ''
      expect(address).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/[1-9]\d*\/ws\/p2p\//)
      expect(await other.dial(address)).toBe(node.peerId)
    })

    test('announced addresses are told instead of those it listens on', async () => {
      const node = await nodes.start({ announceAddresses: ['/dns4/node.example/tcp/60000'] })
      expect(await node.getListenAddresses()).toEqual([`/dns4/node.example/tcp/60000/p2p/${node.peerId}`])
    })

    test('the record of a relay holds its key, address, capabilities and shards', async () => {
      const { node } = shared()
      const enr = fieldsOf(await node.getEnr())
      const port = Number(/tcp\/(\d+)/.exec(await addressOf(node))?.[1])
      expect(enr.peerId).toBe(node.peerId)
      expect(enr.get('ip')).toEqual([127, 0, 0, 1])
      expect(enr.get('tcp')).toEqual([port >> 8, port & 255])
      expect(enr.get('waku2')).toEqual([0b01])
      expect(enr.get('rs')).toEqual([0, 16, 2, 0, 7, 0, 32])
    })

    test('the record of a store says so', async () => {
      expect(fieldsOf(await shared().other.getEnr()).get('waku2')).toEqual([0b11])
    })

    test('the record of a client offers nothing', async () => {
      const enr = fieldsOf(await (await nodes.start({ relay: false })).getEnr())
      expect([enr.get('waku2'), enr.get('rs')]).toEqual([[0], [0, 16, 0]])
    })

    test('the record follows the subscriptions', async () => {
      const { node } = shared()
      await using _ = await node.subscribe({ pubsubTopic: '/waku/2/rs/16/1000' })
      expect(fieldsOf(await node.getEnr()).get('rs')).toEqual([0, 16, 3, 0, 7, 0, 32, 3, 232])
    })

    test('a record of 64 shards or more holds them as bits', async () => {
      const shards = Array.from({ length: 64 }, (_, index) => index * 16)
      const rsv = fieldsOf(await (await nodes.start({ shards })).getEnr()).get('rsv') ?? []
      expect([rsv.length, rsv.slice(0, 2)]).toEqual([130, [0, 16]])
      expect(rsv.slice(2)).toEqual(Array.from({ length: 128 }, (_, index) => index % 2 === 0 ? 1 : 0))
    })

    test.runIf(supports.webSocket)('the record of a node with a WebSocket port holds its address', async () => {
      const node = await nodes.start({ websocketPort: 0 })
      const port = Number((await node.getListenAddresses()).map((each) => /tcp\/(\d+)\/ws/.exec(each)?.[1]).find((found) => found !== undefined))
      // Its length, then /ip4, /tcp and /ws as multiaddr codes.
      expect(fieldsOf(await node.getEnr()).get('multiaddrs')).toEqual([0, 10, 4, 127, 0, 0, 1, 6, port >> 8, port & 255, 0xdd, 0x03])
    })

    test('a node with more addresses than a record has room for still has one', async () => {
      const announceAddresses = Array.from({ length: 40 }, (_, index) => `/dns4/node-${index}.example/tcp/443/wss`)
      const enr = await (await nodes.start({ announceAddresses })).getEnr()
      expect(Buffer.from(enr.slice('enr:'.length), 'base64url').byteLength).toBeLessThanOrEqual(300)
      expect(fieldsOf(enr).get('multiaddrs')?.length).toBeGreaterThan(0)
    })

    test('a node tells its version', async () => {
      expect(await shared().node.getVersion()).toMatch(/v\d+\.\d+\.\d+/)
    })

    test.runIf(!supports.ownMetrics)('the metrics are those of nwaku', async () => {
      expect(await shared().node.getMetrics()).toMatch(/^libp2p_peers [\d.]+$/m)
    })

    test.runIf(supports.ownMetrics)('the metrics count peers, topics and messages under the names that dashboards of nwaku know', async () => {
      const { node, other } = shared()
      const contentTopic = freshContentTopic()
      const received = collectMessages(other, contentTopic)
      await node.publish(textMessage(contentTopic, 'counted'), { pubsubTopic })
      await untilReceived(received, 1)
      await until(async () => { expect(await other.getMetrics()).toMatch(/^waku_archive_messages\{type="stored"\} [1-9]/m) })
      const [mine, theirs] = await Promise.all([node.getMetrics(), other.getMetrics()])
      for (const line of ['libp2p_peers 1', 'libp2p_pubsub_peers 1', 'libp2p_pubsub_topics 2', 'libp2p_successful_dials_total 1', 'waku_peer_store_size 1']) {
        expect(mine.split('\n')).toContain(line)
      }
      expect(mine).toContain(`libp2p_gossipsub_peers_per_topic_mesh{topic="${pubsubTopic}"} 1`)
      expect(theirs).toMatch(/^waku_node_messages_total\{type="relay"\} [1-9]/m)
      expect(theirs).toMatch(/^waku_histogram_message_size_count [1-9]/m)
      expect(mine).toMatch(/^waku_relay_network_bytes_total\{topic="\/waku\/2\/rs\/16\/32",type="net",direction="out"\} [1-9]/m)
    })

    test('what a node can do is fixed', async () => {
      const node = await nodes.create()
      const before = { ...node.supports }
      expect(Object.isFrozen(node.supports)).toBe(true)
      await node.start()
      await node.close()
      expect(node.supports).toEqual(before)
    })

    test('what a node can do follows its options', async () => {
      const [plain, store, client] = [await nodes.create(), await nodes.create({ store: {} }), await nodes.create({ relay: false })]
      expect([plain.supports.ownStore, store.supports.ownStore]).toEqual([false, supports.ownStore])
      expect([plain.supports.relay, client.supports.relay]).toEqual([true, false])
    })
  })
}
