import { describe, expect, test } from 'vitest'
import { messageHash as wakuHash } from '@waku/message-hash'
import { maxMessageSizeBytes, messageHash, pubsubTopicOfShard, type MessageInput } from 'nwaku-desktop'
import { expectRejection } from '../helpers/expect-rejection.js'
import { collectMessages, freshContentTopic, nowNs, textMessage, textOf, untilReceived } from '../helpers/messages.js'
import { autosharded, clusterId, connect, pubsubTopic, useNodes, useShared } from '../helpers/nodes.js'
import type { ProbedBackend } from './backend-under-test.js'

const bytes = (length: number, first = 0): Uint8Array => Uint8Array.from({ length }, (_, index) => first + index)

/** Publishing, and how messages arrive at the other node. */
export function describeRelay ({ createNode, supports }: ProbedBackend): void {
  describe('relay', () => {
    const nodes = useNodes(createNode)
    const shared = useShared(createNode, async (own) => {
      const [node, other] = await own.startPair()
      return { node, other }
    })

    /** Publishes from one node, and returns what arrives at both. */
    async function carry (message: MessageInput) {
      const { node, other } = shared()
      const own = collectMessages(node, message.contentTopic)
      const theirs = collectMessages(other, message.contentTopic)
      const hash = await node.publish(message, { pubsubTopic })
      await untilReceived(theirs, 1)
      await untilReceived(own, 1)
      return { hash, own, theirs }
    }

    test('a message arrives with every field as it was sent', async () => {
      const message = { payload: bytes(256), contentTopic: freshContentTopic(), version: 2, timestamp: nowNs() + 123_457n, ephemeral: true, meta: bytes(12), proof: supports.proofs ? bytes(99) : new Uint8Array() }
      const { theirs } = await carry(message)
      expect(theirs.map(({ message: received }) => received)).toEqual([message])
    })

    test('a message of nothing but a topic arrives with the defaults', async () => {
      const contentTopic = freshContentTopic()
      const { theirs: [received] } = await carry({ payload: new Uint8Array(), contentTopic })
      expect(received?.message).toEqual({ payload: new Uint8Array(), contentTopic, version: 0, timestamp: received?.message.timestamp, ephemeral: false, meta: new Uint8Array(), proof: new Uint8Array() })
      expect(Math.abs(Number((received?.message.timestamp ?? 0n) - nowNs()))).toBeLessThan(20e9)
    })

    test.each([1n, 1_763_900_000_123_456_789n, 2n ** 53n + 1n, 2n ** 63n - 1n])('the timestamp %s arrives exact', async (timestamp) => {
      const { theirs: [received] } = await carry(textMessage(freshContentTopic(), 'when', { timestamp }))
      expect(received?.message.timestamp).toBe(timestamp)
    })

    test('both nodes and the publisher agree on the message hash', async () => {
      const message = textMessage(freshContentTopic(), 'same', { meta: bytes(3) })
      const { hash, own: [mine], theirs: [theirs] } = await carry(message)
      expect([mine?.messageHash, theirs?.messageHash]).toEqual([hash, hash])
      expect(theirs === undefined ? '' : messageHash(pubsubTopic, theirs.message)).toBe(hash)
    })

    test('the message hash is the one that the Waku projects compute', async () => {
      const { hash, theirs: [received] } = await carry(textMessage(freshContentTopic(), 'hashed', { meta: bytes(64) }))
      const { message } = received ?? { message: undefined }
      const expected = message === undefined ? new Uint8Array() : wakuHash(pubsubTopic, { ...message, rateLimitProof: undefined })
      expect(hash).toBe(`0x${Buffer.from(expected).toString('hex')}`)
    })

    test('a node receives its own message once', async () => {
      const { own } = await carry(textMessage(freshContentTopic(), 'mine'))
      const { own: next } = await carry(textMessage(freshContentTopic(), 'later'))
      expect([own.length, next.length]).toEqual([1, 1])
    })

    test('a content topic in other scripts arrives as it was sent', async () => {
      const contentTopic = `/приложение/1/тема-🦄-${freshContentTopic().length}/ütf8`
      const { theirs } = await carry(textMessage(contentTopic, 'юникод'))
      expect(theirs.map(textOf)).toEqual(['юникод'])
    })

    test('meta of 64 bytes arrives, and of 65 is refused', async () => {
      const contentTopic = freshContentTopic()
      const { theirs: [received] } = await carry(textMessage(contentTopic, '', { meta: bytes(64) }))
      expect(received?.message.meta).toEqual(bytes(64))
      await expectRejection(shared().node.publish(textMessage(contentTopic, '', { meta: bytes(65) }), { pubsubTopic }), 'WAKU_INVALID_ARGUMENT', { argument: 'message.meta' })
    })

    test('a message of exactly 150 KiB as encoded arrives, and one byte more is refused', async () => {
      const contentTopic = freshContentTopic()
      // Tags and lengths of seven fields, and the timestamp's nine bytes.
      const payload = new Uint8Array(maxMessageSizeBytes - contentTopic.length - 26).fill(7)
      const timestamp = nowNs()
      const { theirs: [received] } = await carry({ contentTopic, payload, timestamp })
      expect(received?.message.payload.byteLength).toBe(payload.byteLength)
      const tooLarge = { contentTopic, payload: new Uint8Array(payload.byteLength + 1), timestamp }
      const error = await expectRejection(shared().node.publish(tooLarge, { pubsubTopic }), 'WAKU_INVALID_ARGUMENT', { argument: 'message' })
      expect(error.details.reason).toContain('153601')
    })

    test('publishing the same bytes again succeeds and delivers nothing again', async () => {
      const message = textMessage(freshContentTopic(), 'twice', { timestamp: nowNs() })
      const { hash, own, theirs } = await carry(message)
      expect(await shared().node.publish(message, { pubsubTopic })).toBe(hash)
      await carry(textMessage(freshContentTopic(), 'behind it'))
      expect([own.length, theirs.length]).toEqual([1, 1])
    })

    test('publishing what came from another succeeds and delivers nothing again', async () => {
      const { node, other } = shared()
      const contentTopic = freshContentTopic()
      const message = textMessage(contentTopic, 'passed on', { timestamp: nowNs() })
      const own = collectMessages(node, contentTopic)
      const hash = await other.publish(message, { pubsubTopic })
      await untilReceived(own, 1)
      expect(await node.publish(message, { pubsubTopic })).toBe(hash)
      await carry(textMessage(freshContentTopic(), 'behind it'))
      expect(own.length).toBe(1)
    })

    test('equal payloads published one after another are different messages', async () => {
      const { node, other } = shared()
      const contentTopic = freshContentTopic()
      const theirs = collectMessages(other, contentTopic)
      const hashes = await Promise.all(Array.from({ length: 20 }, async () => await node.publish(textMessage(contentTopic, 'again'), { pubsubTopic })))
      await untilReceived(theirs, 20)
      expect(new Set(hashes).size).toBe(20)
      expect(theirs.length).toBe(20)
    })

    test('messages of one publisher arrive in order', async () => {
      const { node, other } = shared()
      const contentTopic = freshContentTopic()
      const theirs = collectMessages(other, contentTopic)
      const texts = Array.from({ length: 100 }, (_, index) => `number ${index}`)
      for (const text of texts) await node.publish(textMessage(contentTopic, text), { pubsubTopic })
      await untilReceived(theirs, 100)
      expect(theirs.map(textOf)).toEqual(texts)
    })

    test('what the application does to its bytes after publishing changes nothing', async () => {
      const { node, other } = shared()
      const contentTopic = freshContentTopic()
      const [own, theirs] = [collectMessages(node, contentTopic), collectMessages(other, contentTopic)]
      const payload = bytes(5)
      const published = node.publish({ contentTopic, payload }, { pubsubTopic })
      payload.fill(255)
      await published
      await untilReceived(theirs, 1)
      expect([own[0]?.message.payload, theirs[0]?.message.payload]).toEqual([bytes(5), bytes(5)])
    })

    test('without peers a publish rejects, and the same message goes out once there is one', async () => {
      const node = await nodes.start()
      const message = textMessage(freshContentTopic(), 'patience', { timestamp: nowNs() })
      await expectRejection(node.publish(message, { pubsubTopic }), 'WAKU_NO_PEERS', { protocol: '/vac/waku/relay/2.0.0' })
      const other = await nodes.start()
      const theirs = collectMessages(other, message.contentTopic)
      await connect(node, other)
      await node.publish(message, { pubsubTopic })
      await untilReceived(theirs, 1)
    })

    test('peers on other topics only are no peers', async () => {
      const { node } = shared()
      const elsewhere = pubsubTopicOfShard(clusterId, 33)
      await expectRejection(node.publish(textMessage(freshContentTopic(), 'nobody here'), { pubsubTopic: elsewhere }), 'WAKU_NO_PEERS')
    })

    test('with autosharding a content topic alone leads to the subscribers of its shard', async () => {
      const [node, other] = await nodes.startPair(autosharded)
      const contentTopic = '/toychat/2/huilong/proto'
      const theirs = collectMessages(other, contentTopic)
      await node.publish(textMessage(contentTopic, 'by content'))
      await untilReceived(theirs, 1)
      expect(theirs[0]?.pubsubTopic).toBe(pubsubTopicOfShard(clusterId, 3))
    })

    test('messages published right before a node closes arrive', async () => {
      const [node, other] = await nodes.startPair()
      const contentTopic = freshContentTopic()
      const received = collectMessages(other, contentTopic)
      for (const text of ['one', 'two', 'three']) await node.publish(textMessage(contentTopic, text), { pubsubTopic })
      await node.close()
      await untilReceived(received, 3)
      expect(received.map(textOf)).toEqual(['one', 'two', 'three'])
    })

    test('a message reaches a node over another', async () => {
      const [first, middle] = await nodes.startPair()
      const last = await nodes.start()
      await connect(last, middle)
      const contentTopic = freshContentTopic()
      const theirs = collectMessages(last, contentTopic)
      await first.publish(textMessage(contentTopic, 'passed on'), { pubsubTopic })
      await untilReceived(theirs, 1)
      expect((await last.getPeers()).some(({ peerId, state }) => peerId === first.peerId && state === 'Connected')).toBe(false)
    })

    test('what a listener does to the bytes it got changes nothing that is sent', async () => {
      const [first, middle] = await nodes.startPair()
      const last = await nodes.start()
      await connect(last, middle)
      const contentTopic = freshContentTopic()
      for (const node of [first, middle]) node.on('message', ({ message }) => { message.payload.fill(0) })
      const theirs = collectMessages(last, contentTopic)
      const payload = new Uint8Array(10_000).fill(9)
      await first.publish({ contentTopic, payload }, { pubsubTopic })
      await untilReceived(theirs, 1)
      expect(theirs[0]?.message.payload).toEqual(payload)
    })

    test('a smaller limit on messages holds for what is published and for what is received', async () => {
      const [node, small] = await nodes.startPair({}, { maxMessageSizeBytes: 1000 })
      const contentTopic = freshContentTopic()
      await expectRejection(small.publish({ contentTopic, payload: bytes(1000) }, { pubsubTopic }), 'WAKU_INVALID_ARGUMENT', { argument: 'message' })
      const received = collectMessages(small, contentTopic)
      await node.publish({ contentTopic, payload: bytes(1000) }, { pubsubTopic })
      await node.publish(textMessage(contentTopic, 'small'), { pubsubTopic })
      await untilReceived(received, 1)
      expect(received.map(textOf)).toEqual(['small'])
    })

    test('a burst beyond what a peer takes at once loses nothing', async () => {
      const { node, other } = shared()
      const contentTopic = freshContentTopic()
      const theirs = collectMessages(other, contentTopic)
      const payload = new Uint8Array(100 * 1024)
      await Promise.all(Array.from({ length: 200 }, async () => await node.publish({ contentTopic, payload }, { pubsubTopic })))
      await untilReceived(theirs, 200)
      expect(new Set(theirs.map(({ messageHash: hash }) => hash)).size).toBe(200)
    })

    const badMessages: Array<[argument: string, message: unknown]> = [
      ['message', undefined],
      ['message', 'text'],
      ['message.payload', { contentTopic: '/a/1/b/c' }],
      ['message.payload', { contentTopic: '/a/1/b/c', payload: 'text' }],
      ['message.payload', { contentTopic: '/a/1/b/c', payload: [1, 2] }],
      ['message.payload', { contentTopic: '/a/1/b/c', payload: new ArrayBuffer(3) }],
      ['message.contentTopic', { payload: bytes(1) }],
      ['message.contentTopic', { payload: bytes(1), contentTopic: 7 }],
      ['message.timestamp', { payload: bytes(1), contentTopic: '/a/1/b/c', timestamp: 1 }],
      ['message.timestamp', { payload: bytes(1), contentTopic: '/a/1/b/c', timestamp: 0n }],
      ['message.timestamp', { payload: bytes(1), contentTopic: '/a/1/b/c', timestamp: -1n }],
      ['message.timestamp', { payload: bytes(1), contentTopic: '/a/1/b/c', timestamp: 2n ** 63n }],
      ['message.version', { payload: bytes(1), contentTopic: '/a/1/b/c', version: -1 }],
      ['message.version', { payload: bytes(1), contentTopic: '/a/1/b/c', version: 1.5 }],
      ['message.version', { payload: bytes(1), contentTopic: '/a/1/b/c', version: 2 ** 32 }],
      ['message.version', { payload: bytes(1), contentTopic: '/a/1/b/c', version: '1' }],
      ['message.ephemeral', { payload: bytes(1), contentTopic: '/a/1/b/c', ephemeral: 1 }],
      ['message.meta', { payload: bytes(1), contentTopic: '/a/1/b/c', meta: 'm' }],
      ['message.proof', { payload: bytes(1), contentTopic: '/a/1/b/c', proof: 1 }],
      ['message.contentTopics', { payload: bytes(1), contentTopic: '/a/1/b/c', contentTopics: [] }]
    ]
    test.each(badMessages)('a bad %s is refused before anything is sent', async (argument, message) => {
      await expectRejection(shared().node.publish(message as MessageInput, { pubsubTopic }), 'WAKU_INVALID_ARGUMENT', { argument })
    })
  })
}
