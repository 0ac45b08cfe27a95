import { describe, expect, test } from 'vitest'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { expectRejection } from '../helpers/expect-rejection.js'
import { collectMessages, freshContentTopic, nowNs, textMessage, textOf, untilReceived } from '../helpers/messages.js'
import { pubsubTopic, shardId, useNodes, useShared } from '../helpers/nodes.js'
import { until } from '../helpers/until.js'
import type { ProbedBackend } from './backend-under-test.js'

const signingKey = '0b'.repeat(32)
const publicKey = Buffer.from(secp256k1.getPublicKey(Buffer.from(signingKey, 'hex'))).toString('hex')
const uncompressed = Buffer.from(secp256k1.getPublicKey(Buffer.from(signingKey, 'hex'), false)).toString('hex')
const signer = { protectedShards: [{ shardId, publicKey, signingKey }] }

/** Shards on which only messages signed with one key pass. */
export function describeProtectedShards ({ createNode, supports }: ProbedBackend): void {
  describe.runIf(supports.protectedShards)('protected shards', () => {
    const nodes = useNodes(createNode)
    const shared = useShared(createNode, async (own) => {
      const [node, verifier] = await own.startPair(signer, { protectedShards: [{ shardId, publicKey: uncompressed }] })
      return { node, verifier }
    })

    test('a message that the node signs arrives, with a signature of 64 bytes as its meta', async () => {
      const { node, verifier } = shared()
      const contentTopic = freshContentTopic()
      const received = collectMessages(verifier, contentTopic)
      await node.publish(textMessage(contentTopic, 'signed'), { pubsubTopic })
      await untilReceived(received, 1)
      expect(received.map(textOf)).toEqual(['signed'])
      expect(received[0]?.message.meta.byteLength).toBe(64)
    })

    test('a message that carries a signature already is passed on as it is', async () => {
      const { node, verifier } = shared()
      const contentTopic = freshContentTopic()
      const own = collectMessages(node, contentTopic)
      await node.publish(textMessage(contentTopic, 'once signed'), { pubsubTopic })
      const [signed] = own
      expect(await verifier.publish(signed?.message ?? textMessage(contentTopic, 'none came'), { pubsubTopic })).toBe(signed?.messageHash)
    })

    test('a node without the key refuses to publish what is not signed', async () => {
      await expectRejection(shared().verifier.publish(textMessage(freshContentTopic(), 'unsigned'), { pubsubTopic }), 'WAKU_INVALID_ARGUMENT', { argument: 'message.meta' })
    })

    test('a meta that is no signature is refused', async () => {
      const message = textMessage(freshContentTopic(), 'forged', { meta: new Uint8Array(64).fill(1) })
      await expectRejection(shared().node.publish(message, { pubsubTopic }), 'WAKU_INVALID_ARGUMENT', { argument: 'message.meta' })
    })

    test('a message that is ten minutes old is refused', async () => {
      const old = textMessage(freshContentTopic(), 'old', { timestamp: nowNs() - 600_000_000_000n })
      await expectRejection(shared().node.publish(old, { pubsubTopic }), 'WAKU_INVALID_ARGUMENT', { argument: 'message.timestamp' })
    })

    test('a receiver drops what is unsigned, and what is signed by another', async () => {
      const verifier = await nodes.start({ protectedShards: [{ shardId, publicKey }] })
      const senders = [
        await nodes.start(),
        await nodes.start({ protectedShards: [{ shardId, publicKey: Buffer.from(secp256k1.getPublicKey(Buffer.alloc(32, 7))).toString('hex'), signingKey: '07'.repeat(32) }] }),
        await nodes.start(signer)
      ]
      const contentTopic = freshContentTopic()
      const received = collectMessages(verifier, contentTopic)
      for (const sender of senders) {
        await sender.dial((await verifier.getListenAddresses())[0] as string)
        await until(async () => await sender.publish(textMessage(contentTopic, sender.peerId), { pubsubTopic }))
      }
      await untilReceived(received, 1)
      expect(received.map(textOf)).toEqual([senders[2]?.peerId])
    })

    test('other shards of the node are open', async () => {
      const other = `${pubsubTopic}0`
      const [node, receiver] = await nodes.startPair({ ...signer, shards: [shardId, shardId * 10] }, { shards: [shardId * 10] })
      const contentTopic = freshContentTopic()
      const received = collectMessages(receiver, contentTopic)
      await node.publish(textMessage(contentTopic, 'open'), { pubsubTopic: other })
      await untilReceived(received, 1)
      expect(received[0]?.message.meta.byteLength).toBe(0)
    })
  })
}
