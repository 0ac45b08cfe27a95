import { secp256k1 } from '@noble/curves/secp256k1.js'
import { createNode, type NodeOptions, type WakuNode } from 'nwaku-desktop'
import { describe, expect, test } from 'vitest'
import { collectMessages, freshContentTopic, textMessage, textOf, untilReceived } from '../helpers/messages.js'
import type { Nodes } from '../helpers/nodes.js'
import { addressOf, connect, pubsubTopic, shardId, useNodes, useShared } from '../helpers/nodes.js'
import { all, countUp, fillStore, hashesOf, textsOf } from '../helpers/stored.js'
import { until } from '../helpers/until.js'
import { realLibrary } from '../native/helpers/libraries.js'

// Nodes of both backends in one network.
const { path: libraryPath, skip } = realLibrary()
const signingKey = '0b'.repeat(32)
const publicKey = Buffer.from(secp256k1.getPublicKey(Buffer.from(signingKey, 'hex'))).toString('hex')

type BackendName = 'js' | 'libwaku'

/** A node of the one backend, or of the other. */
const makeNode = async (options: NodeOptions): Promise<WakuNode> =>
  await createNode({ host: '127.0.0.1', port: 0, backend: 'js', ...options, ...(options.backend === 'libwaku' && { libraryPath, isolation: 'in-process' }) })

/** Three nodes, of which the outer two know only the middle one. */
async function startLine (nodes: Nodes, outer: BackendName, middle: BackendName): Promise<[left: WakuNode, middle: WakuNode, right: WakuNode]> {
  const line = await Promise.all([outer, middle, outer].map(async (backend) => await nodes.start({ backend })))
  const [left, between, right] = line as [WakuNode, WakuNode, WakuNode]
  await connect(left, between)
  await connect(right, between)
  return [left, between, right]
}

describe.skipIf(libraryPath === undefined)(`js and libwaku nodes${skip === false ? '' : ` (skipped: ${skip})`}`, () => {
  describe.each([['js', 'libwaku'], ['libwaku', 'js']] as const)('in a line, with two of %s around one of %s', (outer, middle) => {
    const shared = useShared(makeNode, async (nodes) => await startLine(nodes, outer, middle))

    test('get every message of each, with the same hash and everything in it', async () => {
      const line = shared()
      const contentTopic = freshContentTopic('interop')
      const received = line.map((node) => collectMessages(node, contentTopic))
      const sent = await Promise.all(line.flatMap((node, from) => countUp(0, 10).map(async (number) => {
        const ephemeral = Number(number) % 2 === 1
        const text = `${number} from ${from}`
        return { text, ephemeral, hash: await node.publish(textMessage(contentTopic, text, { ephemeral, meta: Uint8Array.of(from) }), { pubsubTopic }) }
      })))
      const expected = sent.sort(byText)
      for (const each of received) {
        await untilReceived(each, expected.length)
        expect(each.map((one) => ({ text: textOf(one), ephemeral: one.message.ephemeral, hash: one.messageHash })).sort(byText)).toEqual(expected)
      }
    })

    test('ping each other, and know of each other what they speak', async () => {
      const [left, between] = shared()
      for (const [node, other] of [[left, between], [between, left]] as const) {
        expect(await node.ping(other.peerId)).toBeGreaterThanOrEqual(0)
        await until(async () => {
          const peer = (await node.getPeers()).find(({ peerId }) => peerId === other.peerId)
          expect(peer).toMatchObject({ state: 'Connected', protocols: expect.arrayContaining(['/vac/waku/relay/2.0.0', '/vac/waku/metadata/1.0.0']) as string[] })
        })
      }
    })
  })

  describe.each([['js', 'libwaku'], ['libwaku', 'js']] as const)('where %s asks the store of %s', (asking, storing) => {
    const contentTopics = [freshContentTopic('interop'), freshContentTopic('interop')]
    const shared = useShared(makeNode, async (nodes) => {
      const [client, store] = await nodes.startPair({ backend: asking }, { backend: storing, store: {} })
      return { client, peer: await addressOf(store), hashes: await fillStore(client, store, contentTopics, 45, pubsubTopic) }
    })

    test.each([[true, countUp(0, 45)], [false, countUp(0, 45).reverse()]])('pages (forward: %s) give every message once, with the hash it was published with', async (paginationForward, texts) => {
      const { client, peer, hashes } = shared()
      const found = await all(client.queryStoreAll({ pubsubTopic, contentTopics, paginationForward, paginationLimit: 10 }, { peer }))
      expect(textsOf(found)).toEqual(texts)
      expect(hashesOf(found)).toEqual(texts.map((text) => hashes[Number(text)]))
    })

    test('hashes and times find the same', async () => {
      const { client, peer, hashes } = shared()
      const found = await all(client.queryStoreAll({ messageHashes: hashes.slice(3, 6) }, { peer }))
      expect(textsOf(found)).toEqual(['3', '4', '5'])
      const [first, , last] = found.map(({ message }) => message?.timestamp)
      expect(textsOf((await client.queryStore({ pubsubTopic, contentTopics, timeStart: first, timeEnd: last }, { peer })).messages)).toEqual(['3', '4', '5'])
    })
  })

  describe.each([['js', 'libwaku'], ['libwaku', 'js']] as const)('from %s to %s', (from, to) => {
    const nodes = useNodes(makeNode)

    test('a burst of 100 messages of 50 KiB arrives whole', async () => {
      const [publisher, subscriber] = await nodes.startPair({ backend: from }, { backend: to })
      const contentTopic = freshContentTopic('interop')
      const received = collectMessages(subscriber, contentTopic)
      await Promise.all(countUp(0, 100).map(async () => await publisher.publish({ contentTopic, payload: crypto.getRandomValues(new Uint8Array(50 * 1024)) }, { pubsubTopic })))
      await untilReceived(received, 100)
    })

    test('signed messages pass on a protected shard, and no others', async () => {
      const [signer, verifier] = await nodes.startPair({ backend: from, protectedShards: [{ shardId, publicKey, signingKey }] }, { backend: to, protectedShards: [{ shardId, publicKey }] })
      const outsider = await nodes.start({ backend: from })
      await connect(outsider, verifier)
      const contentTopic = freshContentTopic('interop')
      const received = collectMessages(verifier, contentTopic)
      await outsider.publish(textMessage(contentTopic, 'unsigned'), { pubsubTopic }).catch(() => 'it may be left without peers')
      await signer.publish(textMessage(contentTopic, 'signed'), { pubsubTopic })
      await untilReceived(received, 1)
      expect(received.map(textOf)).toEqual(['signed'])
    })
  })
})

function byText (one: { readonly text: string }, other: { readonly text: string }): number {
  return one.text < other.text ? -1 : 1
}
