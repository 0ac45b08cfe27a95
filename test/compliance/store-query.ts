import { describe, expect, test } from 'vitest'
import { messageHash, pubsubTopicOfShard, type MessageHash, type StoredMessage, type StoreQuery } from 'nwaku-desktop'
import { expectRejection } from '../helpers/expect-rejection.js'
import { freshContentTopic } from '../helpers/messages.js'
import { addressOf, autosharded, clusterId, pubsubTopic, useShared } from '../helpers/nodes.js'
import { silentPeer } from '../helpers/silent-peer.js'
import { all, countUp, fillStore, hashesOf, textsOf } from '../helpers/stored.js'
import type { ProbedBackend } from './backend-under-test.js'

const numMessages = 45

/** What a store finds, page by page and all at once. */
export function describeStoreQueries (backend: ProbedBackend): void {
  describe.runIf(backend.supports.storeClient && backend.supports.storeService)('store queries', () => {
    describePages(backend)
    describeManyTopics(backend)
    describeBadQueries(backend)
  })
}

function describePages ({ createNode, supports }: ProbedBackend): void {
  const contentTopics = [freshContentTopic(), freshContentTopic(), freshContentTopic()]
  const shared = useShared(createNode, async (own) => {
    const [client, store] = await own.startPair({}, { store: {} })
    const hashes = await fillStore(client, store, contentTopics, numMessages, pubsubTopic)
    return { client, store, hashes, peer: await addressOf(store) }
  })
  const ask = async (query: StoreQuery) => await shared().client.queryStore({ pubsubTopic, contentTopics, ...query }, { peer: shared().peer })

  test('a page has the oldest twenty messages, with everything in them', async () => {
    const { messages } = await ask({})
    expect(hashesOf(messages)).toEqual(shared().hashes.slice(0, 20))
    expect(textsOf(messages)).toEqual(countUp(0, 20))
    for (const { message, messageHash: hash, pubsubTopic: topic } of messages) {
      expect(topic).toBe(pubsubTopic)
      expect(message === undefined ? '' : messageHash(pubsubTopic, message)).toBe(hash)
    }
  })

  test('pages forward give every message once, oldest first', async () => {
    expect(await walk({ paginationLimit: 10 })).toEqual([countUp(0, 10), countUp(10, 20), countUp(20, 30), countUp(30, 40), countUp(40, 45)])
  })

  test('pages backward give the newest first, and each page in ascending order', async () => {
    expect(await walk({ paginationLimit: 20, paginationForward: false })).toEqual([countUp(25, 45), countUp(5, 25), countUp(0, 5)])
  })

  test('the last page has no cursor, also when it is full', async () => {
    expect((await ask({ paginationLimit: numMessages })).paginationCursor).toBeUndefined()
    expect((await ask({ paginationLimit: numMessages - 1 })).paginationCursor).toBe(shared().hashes.at(-2))
  })

  test('the times of a query include both ends', async () => {
    const { messages } = await ask({ paginationLimit: 100 })
    const times = messages.map(({ message }) => message?.timestamp ?? 0n)
    expect(textsOf((await ask({ timeStart: times[5], timeEnd: times[9] })).messages)).toEqual(countUp(5, 10))
    expect(textsOf((await ask({ timeStart: times[7], timeEnd: times[7] })).messages)).toEqual(['7'])
    expect(textsOf((await ask({ timeStart: (times[43] ?? 0n) + 1n })).messages)).toEqual(['44'])
    expect(textsOf((await ask({ timeEnd: (times[1] ?? 0n) - 1n })).messages)).toEqual(['0'])
  })

  test('content topics select their messages', async () => {
    const { messages } = await ask({ contentTopics: contentTopics.slice(1, 2), paginationLimit: 100 })
    expect(textsOf(messages)).toEqual(countUp(0, numMessages).filter((_, index) => index % 3 === 1))
  })

  test('topics that nothing was published on have an empty page', async () => {
    expect(await ask({ contentTopics: [freshContentTopic()] })).toEqual({ messages: [] })
    expect(await ask({ contentTopics: undefined, pubsubTopic: pubsubTopicOfShard(clusterId, 99) })).toEqual({ messages: [] })
  })

  test('a query without data gives the same hashes and nothing else', async () => {
    const { messages, paginationCursor } = await ask({ includeData: false })
    expect(messages).toEqual(shared().hashes.slice(0, 20).map((hash) => ({ messageHash: hash })))
    expect(paginationCursor).toBe(shared().hashes[19])
  })

  test('hashes select their messages', async () => {
    const wanted = [shared().hashes[30], shared().hashes[3]] as MessageHash[]
    const { messages } = await shared().client.queryStore({ messageHashes: wanted }, { peer: shared().peer })
    expect(textsOf(messages)).toEqual(['3', '30'])
  })

  test('everything that a query names must hold', async () => {
    const { hashes } = shared()
    const { messages } = await ask({ messageHashes: hashes.slice(0, 6), contentTopics: contentTopics.slice(0, 1) })
    expect(textsOf(messages)).toEqual(['0', '3'])
  })

  test('queryStoreAll walks all pages, oldest first', async () => {
    const { client, peer } = shared()
    expect(textsOf(await all(client.queryStoreAll({ contentTopics, pubsubTopic, paginationLimit: 7 }, { peer })))).toEqual(countUp(0, numMessages))
  })

  test('queryStoreAll walks backward, newest first', async () => {
    const { client, peer } = shared()
    const found = await all(client.queryStoreAll({ contentTopics, pubsubTopic, paginationLimit: 7, paginationForward: false }, { peer }))
    expect(textsOf(found)).toEqual(countUp(0, numMessages).reverse())
  })

  test('queryStoreAll can be left after the first message', async () => {
    const { client, peer } = shared()
    const found: StoredMessage[] = []
    for await (const message of client.queryStoreAll({ pubsubTopic, contentTopics }, { peer })) {
      found.push(message)
      if (found.length > 0) break
    }
    expect(textsOf(found)).toEqual(['0'])
  })

  test('presence tells for each hash whether the store has it', async () => {
    const { client, peer, hashes } = shared()
    const unknown: MessageHash = `0x${'ab'.repeat(32)}`
    const presence = await client.queryPresence([...hashes, unknown], { peer })
    expect(presence.size).toBe(numMessages + 1)
    expect([...presence].filter(([, present]) => !present)).toEqual([[unknown, false]])
  })

  test('presence of more hashes than fit on a page is asked for in several', async () => {
    const { client, peer, hashes } = shared()
    const unknown = Array.from({ length: 250 }, (_, index): MessageHash => `0x${String(index).padStart(64, '0')}`)
    const presence = await client.queryPresence([...unknown, ...hashes], { peer })
    expect([...presence.values()].filter(Boolean).length).toBe(numMessages)
  })

  test('presence of nothing asks nobody', async () => {
    expect(await shared().client.queryPresence([], { peer: await silentPeer() })).toEqual(new Map())
  })

  test('a cursor that the store does not know is answered with 300', async () => {
    const error = await expectRejection(ask({ paginationCursor: `0x${'cd'.repeat(32)}` }), 'WAKU_STORE_FAILED', { statusCode: 300 })
    expect(error.details.statusDesc).toContain('cursor not found')
  })

  test.runIf(supports.ownStore)('a node asks its own store by its own peer id or address', async () => {
    const { store, peer } = shared()
    for (const self of [store.peerId, peer]) {
      expect(textsOf((await store.queryStore({ pubsubTopic, contentTopics }, { peer: self })).messages)).toEqual(countUp(0, 20))
    }
  })

  test.runIf(supports.ownStore)('its own store refuses an unknown cursor as any other does', async () => {
    const { store } = shared()
    await expectRejection(store.queryStore({ paginationCursor: `0x${'cd'.repeat(32)}` }, { peer: store.peerId }), 'WAKU_STORE_FAILED', { statusCode: 300 })
  })

  test('a node without a store cannot ask its own', async () => {
    const { client } = shared()
    await expectRejection(client.queryStore({}, { peer: client.peerId }), 'WAKU_NOT_SUPPORTED', { capability: 'ownStore' })
  })

  test('a store is asked by peer id once it is connected', async () => {
    const { client, store } = shared()
    expect((await client.queryStore({ pubsubTopic, contentTopics }, { peer: store.peerId })).messages.length).toBe(20)
  })

  test('a peer that serves no store cannot be asked', async () => {
    const { client, store } = shared()
    await expectRejection(store.queryStore({}, { peer: client.peerId }), 'WAKU_PEER_UNREACHABLE')
  })

  async function walk (query: StoreQuery): Promise<string[][]> {
    const pages: string[][] = []
    let paginationCursor: MessageHash | undefined
    do {
      const page = await ask({ ...query, paginationCursor })
      pages.push(textsOf(page.messages))
      paginationCursor = page.paginationCursor
    } while (paginationCursor !== undefined && pages.length < 10)
    return pages
  }
}

function describeManyTopics ({ createNode }: ProbedBackend): void {
  // 30 applications, spread over the eight shards.
  const contentTopics = Array.from({ length: 30 }, (_, index) => `/app-${index}/1/many/proto`)
  const shared = useShared(createNode, async (own) => {
    const [client, store] = await own.startPair(autosharded, { ...autosharded, store: {} })
    await fillStore(client, store, contentTopics, 60)
    return { client, peer: await addressOf(store) }
  })

  test.each([['oldest', true], ['newest', false]] as const)('many content topics on several shards come as one sequence, %s first', async (_, paginationForward) => {
    const { client, peer } = shared()
    const found = await all(client.queryStoreAll({ contentTopics, paginationForward, paginationLimit: 3 }, { peer }))
    const expected = countUp(0, 60)
    expect(textsOf(found)).toEqual(paginationForward ? expected : expected.reverse())
  })

  test('the hashes of many content topics come without data too', async () => {
    const { client, peer } = shared()
    const found = await all(client.queryStoreAll({ contentTopics, includeData: false }, { peer }))
    expect(new Set(hashesOf(found)).size).toBe(60)
  })

  test('a content topic alone is asked for on its shard', async () => {
    const { client, peer } = shared()
    const { messages } = await client.queryStore({ contentTopics: contentTopics.slice(0, 1) }, { peer })
    expect(textsOf(messages)).toEqual(['0', '30'])
  })

  test('a single page cannot span several shards', async () => {
    const { client, peer } = shared()
    await expectRejection(client.queryStore({ contentTopics: contentTopics.slice(0, 10) }, { peer }), 'WAKU_INVALID_ARGUMENT', { argument: 'query.contentTopics' })
  })
}

function describeBadQueries ({ createNode }: ProbedBackend): void {
  const shared = useShared(createNode, async (own) => await own.start())
  const hash: MessageHash = `0x${'ab'.repeat(32)}`
  const manyTopics = Array.from({ length: 11 }, () => freshContentTopic())

  test.each<[argument: string, query: object]>([
    ['query.contentTopic', { contentTopic: '/a/1/b/c' }],
    ['query.contentTopics', { contentTopics: '/a/1/b/c' }],
    ['query.contentTopics', { contentTopics: manyTopics }],
    ['query.contentTopics[1]', { contentTopics: ['/a/1/b/c', 'nonsense'] }],
    ['query.timeStart', { timeStart: 1 }],
    ['query.timeStart', { timeStart: -1n }],
    ['query.timeEnd', { timeEnd: 2n ** 63n }],
    ['query.timeStart', { timeStart: 2n, timeEnd: 1n }],
    ['query.messageHashes', { messageHashes: hash }],
    ['query.messageHashes', { messageHashes: Array.from({ length: 101 }, () => hash) }],
    ['query.messageHashes[0]', { messageHashes: ['0xabcd'] }],
    ['query.messageHashes[0]', { messageHashes: [hash.toUpperCase()] }],
    ['query.paginationCursor', { paginationCursor: '0x' }],
    ['query.paginationLimit', { paginationLimit: 0 }],
    ['query.paginationLimit', { paginationLimit: 101 }],
    ['query.paginationLimit', { paginationLimit: 1.5 }],
    ['query.paginationForward', { paginationForward: 'yes' }],
    ['query.includeData', { includeData: 1 }]
  ])('a bad %s is refused', async (argument, query) => {
    await expectRejection(shared().queryStore(query), 'WAKU_INVALID_ARGUMENT', { argument })
  })

  test('queryStoreAll takes no cursor', async () => {
    await expectRejection(all(shared().queryStoreAll({ paginationCursor: hash })), 'WAKU_INVALID_ARGUMENT', { argument: 'query.paginationCursor' })
  })

  test.each(['', 'nonsense', '/ip4/127.0.0.1/tcp/1', '/ip4/127.0.0.1/tcp/1/p2p/nonsense', 7])('the peer %j is refused', async (peer) => {
    await expectRejection(shared().queryStore({}, { peer: peer as string }), 'WAKU_INVALID_ARGUMENT', { argument: 'options.peer' })
  })

  test('presence of something that is no hash is refused', async () => {
    await expectRejection(shared().queryPresence(['0x12'] as unknown as MessageHash[]), 'WAKU_INVALID_ARGUMENT', { argument: 'messageHashes[0]' })
  })
}
