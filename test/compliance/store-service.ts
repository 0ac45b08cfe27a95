import { describe, expect, test } from 'vitest'
import type { MessageHash } from 'nwaku-desktop'
import { expectRejection } from '../helpers/expect-rejection.js'
import { freshContentTopic, nowNs, textMessage } from '../helpers/messages.js'
import { addressOf, pubsubTopic, useNodes, useShared } from '../helpers/nodes.js'
import { strangersPeerId } from '../helpers/silent-peer.js'
import { all, countUp, fillStore, textsOf } from '../helpers/stored.js'
import { temporaryStoreUrl } from '../helpers/temporary-store.js'
import { until } from '../helpers/until.js'
import type { ProbedBackend } from './backend-under-test.js'

/** What a store keeps, whom it serves, and which store is asked. */
export function describeStoreService (backend: ProbedBackend): void {
  describe.runIf(backend.supports.storeClient && backend.supports.storeService)('store service', () => {
    describeKeeping(backend)
    describeChoice(backend)
    describeLimits(backend)
  })
}

function describeKeeping ({ createNode, supports }: ProbedBackend): void {
  const nodes = useNodes(createNode)
  const shared = useShared(createNode, async (own) => {
    const [client, store] = await own.startPair({}, { store: {} })
    return { client, store, peer: await addressOf(store) }
  })

  /** Publishes texts with what belongs to each, and returns those that the store kept. */
  async function keep (...messages: Array<[text: string, rest: Parameters<typeof textMessage>[2]]>): Promise<string[]> {
    const { client, peer } = shared()
    const contentTopic = freshContentTopic()
    for (const [text, rest] of messages) await client.publish(textMessage(contentTopic, text, rest), { pubsubTopic })
    // The marker comes last, so that what is not there then was not kept.
    const marker = await client.publish(textMessage(freshContentTopic(), 'marker'), { pubsubTopic })
    await until(async () => { expect((await client.queryPresence([marker], { peer })).get(marker)).toBe(true) })
    return textsOf((await client.queryStore({ pubsubTopic, contentTopics: [contentTopic] }, { peer })).messages)
  }

  test('an ephemeral message is not kept', async () => {
    expect(await keep(['kept', {}], ['passing', { ephemeral: true }])).toEqual(['kept'])
  })

  test('messages whose clock is 25 s off are not kept, and of 15 s are', async () => {
    const off = (seconds: number) => ({ timestamp: nowNs() + BigInt(seconds) * 1_000_000_000n })
    expect(await keep(['late', off(-25)], ['early', off(25)], ['a little late', off(-15)], ['a little early', off(15)])).toEqual(['a little late', 'a little early'])
  })

  test('the fields that a store keeps come back exact', async () => {
    const { client, peer } = shared()
    const message = { contentTopic: freshContentTopic(), payload: Uint8Array.from({ length: 256 }, (_, index) => index), timestamp: nowNs() + 1n, version: 4_294_967_295, meta: Uint8Array.from({ length: 64 }, (_, index) => 255 - index) }
    const hash = await client.publish({ ...message, ...(supports.proofs && { proof: Uint8Array.of(1) }) }, { pubsubTopic })
    const stored = await until(async () => {
      const { messages: [found] } = await client.queryStore({ messageHashes: [hash] }, { peer })
      expect(found).toBeDefined()
      return found
    })
    expect(stored?.message).toEqual({ ...message, ephemeral: false, proof: new Uint8Array() })
  })

  test('a store that publishes keeps its own messages', async () => {
    const { client, store, peer } = shared()
    const hash = await store.publish(textMessage(freshContentTopic(), 'mine'), { pubsubTopic })
    await until(async () => { expect((await client.queryPresence([hash], { peer })).get(hash)).toBe(true) })
  })

  test('what was received just now is found at once', async () => {
    const { client, store, peer } = shared()
    const hash = await store.publish(textMessage(freshContentTopic(), 'just now'), { pubsubTopic })
    expect((await client.queryPresence([hash], { peer })).get(hash)).toBe(true)
  })

  test('retention by count deletes the oldest messages when the store starts', async () => {
    const url = temporaryStoreUrl()
    const [client, store] = await nodes.startPair({}, { store: { url } })
    const contentTopic = freshContentTopic()
    await fillStore(client, store, [contentTopic], 20, pubsubTopic)
    await store.close()
    const again = await nodes.start({ store: { url, retention: 'capacity:10' } })
    const peer = await addressOf(again)
    await until(async () => {
      const kept = textsOf((await client.queryStore({ pubsubTopic, contentTopics: [contentTopic] }, { peer })).messages)
      // nwaku lets it be up to 30 % more.
      expect(kept.length).toBeLessThanOrEqual(13)
      expect(kept).toEqual(countUp(20 - Math.max(kept.length, 10), 20))
    })
  })

  test('a store on disk still has its messages after it was closed', async () => {
    const url = temporaryStoreUrl()
    const [client, store] = await nodes.startPair({}, { store: { url } })
    const [hash] = await fillStore(client, store, [freshContentTopic()], 1, pubsubTopic) as [MessageHash]
    const last = await store.publish(textMessage(freshContentTopic(), 'the very last'), { pubsubTopic })
    await store.close()
    const again = await nodes.start({ store: { url } })
    expect(await client.queryPresence([hash, last], { peer: await addressOf(again) })).toEqual(new Map([[hash, true], [last, true]]))
  })

  test('a store that cannot be opened fails the start, and no other part of the node is left running', async () => {
    const node = await nodes.create({ store: { url: 'sqlite:///nowhere/at/all.sqlite3' } })
    await expectRejection(node.start(), 'WAKU_ARCHIVE_FAILED', { url: 'sqlite:///nowhere/at/all.sqlite3' })
    expect(node.status).toBe('created')
  })
}

function describeChoice ({ createNode }: ProbedBackend): void {
  const nodes = useNodes(createNode)

  test('without any store a query rejects', async () => {
    const node = await nodes.start()
    const rejected = { protocol: '/vac/waku/store-query/3.0.0' }
    await expectRejection(node.queryStore(), 'WAKU_NO_PEERS', rejected)
    await expectRejection(node.queryPresence([`0x${'00'.repeat(32)}`]), 'WAKU_NO_PEERS', rejected)
    await expectRejection(all(node.queryStoreAll()), 'WAKU_NO_PEERS', rejected)
  })

  test('a connected store is asked when none is configured', async () => {
    const [client] = await nodes.startPair({}, { store: {} })
    expect(await client.queryStore()).toEqual({ messages: [] })
  })

  test('the configured store is asked, rather than a connected one', async () => {
    const [publisher, configured] = await nodes.startPair({}, { store: {} })
    const hash = (await fillStore(publisher, configured, [freshContentTopic()], 1, pubsubTopic))[0] as MessageHash
    const connected = await nodes.start({ store: {} })
    const client = await nodes.start({ storePeers: [await addressOf(configured)] })
    await client.dial(await addressOf(connected))
    expect((await client.queryPresence([hash])).get(hash)).toBe(true)
  })

  test('a second configured store is asked when the first is gone', async () => {
    const store = await nodes.start({ store: {} })
    const gone = await nodes.start({ store: {} })
    const client = await nodes.create({ storePeers: [await addressOf(gone), await addressOf(store)] })
    await gone.close()
    await client.start()
    await until(async () => { expect(await client.queryStore()).toEqual({ messages: [] }) })
  })

  test('a client without relay asks stores', async () => {
    const store = await nodes.start({ store: {} })
    const client = await nodes.start({ relay: false, storePeers: [await addressOf(store)] })
    expect(await client.queryStore({ pubsubTopic })).toEqual({ messages: [] })
  })

  test('a store that cannot be reached is told', async () => {
    const node = await nodes.start()
    const gone = await nodes.start()
    const peer = await addressOf(gone)
    await gone.close()
    await expectRejection(node.queryStore({}, { peer }), 'WAKU_PEER_UNREACHABLE', { peer })
    await expectRejection(node.queryStore({}, { peer: strangersPeerId }), 'WAKU_PEER_UNREACHABLE', { peer: strangersPeerId })
  })
}

function describeLimits ({ createNode }: ProbedBackend): void {
  const nodes = useNodes(createNode)

  test('a store beyond its rate limit answers 429, and the client asks again until it is served', async () => {
    const store = await nodes.start({ store: {}, rateLimits: { store: '1/1s' } })
    const client = await nodes.start({ storePeers: [await addressOf(store)] })
    await client.queryStore()
    const impatient = expectRejection(client.queryStore({}, { timeoutMs: 150 }), 'WAKU_TIMEOUT', { operation: 'queryStore' })
    expect(await client.queryStore()).toEqual({ messages: [] })
    await impatient
  })

  test('a limit of "none" serves everybody', async () => {
    const store = await nodes.start({ store: {}, rateLimits: { store: 'none' } })
    const client = await nodes.start({ storePeers: [await addressOf(store)] })
    const pages = await Promise.all(Array.from({ length: 50 }, async () => await client.queryStore()))
    expect(pages.length).toBe(50)
  })
}
