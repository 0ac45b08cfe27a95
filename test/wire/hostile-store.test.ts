import type { Stream } from '@libp2p/interface'
import { createNode, messageHash, protocolIds, type StorePage, type StoreQuery, type WakuErrorCode } from 'nwaku-desktop'
import { describe, expect, test } from 'vitest'
import { expectRejection } from '../helpers/expect-rejection.js'
import { expectHealthy } from '../helpers/healthy.js'
import { freshContentTopic } from '../helpers/messages.js'
import { pubsubTopic, useNodes } from '../helpers/nodes.js'
import { chunk, chunksOf, fieldsOf, framed, number, varint } from '../helpers/protobuf-bytes.js'
import { collectFrames, RawPeer, send } from '../helpers/raw-peer.js'

const nodes = useNodes(async (options) => await createNode({ host: '127.0.0.1', ...options }))
const ok = (request: Uint8Array, ...further: Uint8Array[]): Uint8Array =>
  Buffer.concat([chunk(1, chunksOf(request, 1)[0] as Uint8Array), number(10, 200), chunk(11, ''), ...further])

/** A store that answers each request with these bytes, unframed. */
async function startStore (answer: (request: Uint8Array, stream: Stream) => Uint8Array | undefined): Promise<RawPeer> {
  return await RawPeer.start({
    handlers: {
      [protocolIds.store]: (stream) => collectFrames(stream, (request) => {
        const response = answer(request, stream)
        if (response === undefined) return
        send(stream, framed(response))
        void stream.close()
      })
    }
  })
}

/** A key-value entry of a page, under its own hash or under another. */
function entry (contentTopic: string, hash?: Uint8Array): Uint8Array {
  const payload = Buffer.from('stored')
  const timestamp = 1_700_000_000_000_000_000n
  const message = { payload, contentTopic, timestamp, meta: new Uint8Array() }
  const encoded = Buffer.concat([chunk(1, payload), chunk(2, contentTopic), number(10, timestamp * 2n)])
  const own = Buffer.from(messageHash(pubsubTopic, message).slice(2), 'hex')
  return chunk(20, Buffer.concat([chunk(1, hash ?? own), chunk(2, encoded), chunk(3, pubsubTopic)]))
}

/** Asks a store. @returns the fields of what it was sent. */
async function fieldsAsked (query: StoreQuery): Promise<ReturnType<typeof fieldsOf>> {
  const requests: Uint8Array[] = []
  const node = await nodes.start()
  const store = await startStore((request) => {
    requests.push(request)
    return ok(request)
  })
  await node.queryStore(query, { peer: store.address })
  return fieldsOf(requests[0] as Uint8Array)
}

describe('a store request', () => {
  test('has direction and include_data also where they are the default, and nothing that was not asked for', async () => {
    const [requestId, ...rest] = await fieldsAsked({})
    expect(requestId).toMatchObject({ id: 1, wireType: 2 })
    expect(rest).toEqual([{ id: 2, wireType: 0, value: 1n }, { id: 52, wireType: 0, value: 1n }])
  })

  test('has every criterion in its field, times zig-zag, hashes as bytes', async () => {
    const hash = `0x${'ab'.repeat(32)}` as const
    const fields = await fieldsAsked({
      pubsubTopic, contentTopics: ['/a/1/b/c'], timeStart: 1n, timeEnd: 2n, messageHashes: [hash], includeData: false, paginationCursor: hash, paginationForward: false, paginationLimit: 7
    })
    const bytes = new Uint8Array(32).fill(0xab)
    expect(fields.slice(1).map(({ id, value }) => [id, typeof value === 'bigint' ? value : Buffer.from(value).toString('latin1')])).toEqual([
      [2, 0n], [10, pubsubTopic], [11, '/a/1/b/c'], [12, 2n], [13, 4n], [20, Buffer.from(bytes).toString('latin1')], [51, Buffer.from(bytes).toString('latin1')], [52, 0n], [53, 7n]
    ])
  })

  test('is answered with the page that the store tells', async () => {
    const node = await nodes.start()
    const store = await startStore((request) => ok(request, entry('/a/1/b/c'), chunk(51, new Uint8Array(32).fill(1))))
    expect(await node.queryStore({}, { peer: store.address })).toMatchObject({
      messages: [{ pubsubTopic, message: { contentTopic: '/a/1/b/c', timestamp: 1_700_000_000_000_000_000n } }],
      paginationCursor: `0x${'01'.repeat(32)}`
    } satisfies Partial<Record<keyof StorePage, unknown>>)
  })
})

describe('a store that', () => {
  test.each<[string, (request: Uint8Array) => Uint8Array, WakuErrorCode, object]>([
    ['answers another request', () => ok(chunk(1, 'another')), 'WAKU_MALFORMED_REPLY', {}],
    ['answers with garbage', () => Uint8Array.of(0xff, 0xff), 'WAKU_MALFORMED_REPLY', {}],
    ['answers with nothing', () => new Uint8Array(), 'WAKU_MALFORMED_REPLY', {}],
    ['leaves the status out', (request) => Buffer.concat([chunk(1, chunksOf(request, 1)[0] as Uint8Array), chunk(11, '')]), 'WAKU_MALFORMED_REPLY', {}],
    ['answers with 10 000 messages', (request) => ok(request, ...Array.from({ length: 10_000 }, () => entry('/a/1/b/c'))), 'WAKU_MALFORMED_REPLY', {}],
    ['tells a hash of 31 bytes', (request) => ok(request, chunk(20, chunk(1, new Uint8Array(31)))), 'WAKU_MALFORMED_REPLY', {}],
    ['tells a message under another hash', (request) => ok(request, entry('/a/1/b/c', new Uint8Array(32))), 'WAKU_MALFORMED_REPLY', {}],
    ['tells a cursor of 5 bytes', (request) => ok(request, chunk(51, 'short')), 'WAKU_MALFORMED_REPLY', {}],
    ['refuses with 300', (request) => Buffer.concat([chunk(1, chunksOf(request, 1)[0] as Uint8Array), number(10, 300), chunk(11, 'BAD_RESPONSE')]), 'WAKU_STORE_FAILED', { statusCode: 300, statusDesc: 'BAD_RESPONSE' }],
    ['refuses with 503 and no id', () => Buffer.concat([chunk(1, 'N/A'), number(10, 503), chunk(11, '')]), 'WAKU_STORE_FAILED', { statusCode: 503 }]
  ])('%s yields a typed error', async (_, answer, code, details) => {
    const node = await nodes.start()
    const store = await startStore(answer)
    await expectRejection(node.queryStore({}, { peer: store.address }), code, details)
    await expectHealthy(node)
  })

  test.each<[string, (stream: Stream) => void, WakuErrorCode]>([
    ['closes the stream instead of answering', (stream) => { void stream.close() }, 'WAKU_PEER_UNREACHABLE'],
    ['resets the stream instead of answering', (stream) => stream.abort(new Error('no')), 'WAKU_PEER_UNREACHABLE'],
    ['stops in the middle', (stream) => { send(stream, Uint8Array.of(100, 8)); void stream.close() }, 'WAKU_PEER_UNREACHABLE'],
    ['announces 4 GiB', (stream) => send(stream, varint(2 ** 32)), 'WAKU_MALFORMED_REPLY'],
    ['announces a length that never ends', (stream) => send(stream, new Uint8Array(65_536).fill(0x80)), 'WAKU_MALFORMED_REPLY'],
    ['sends 64 MiB more than it announced', (stream) => { for (let index = 0; index < 64; index++) send(stream, Buffer.concat([varint(15_000_000), new Uint8Array(1024 * 1024)])) }, 'WAKU_MALFORMED_REPLY']
  ])('%s yields a typed error', async (_, handler, code) => {
    const node = await nodes.start()
    const store = await RawPeer.start({ handlers: { [protocolIds.store]: handler } })
    await expectRejection(node.queryStore({}, { peer: store.address }), code)
    await expectHealthy(node)
  })

  test('closes the connection instead of answering yields a typed error', async () => {
    const node = await nodes.start()
    const store = await RawPeer.start({ handlers: { [protocolIds.store]: (_, connection) => connection.abort(new Error('gone')) } })
    await expectRejection(node.queryStore({}, { peer: store.address }), 'WAKU_PEER_UNREACHABLE')
  })

  test('does not speak store yields a typed error', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.start()
    await expectRejection(node.queryStore({}, { peer: peer.address }), 'WAKU_PEER_UNREACHABLE')
  })

  test.each([
    ['never answers', () => {}],
    ['sends its answer a byte at a time, without an end', (stream: Stream) => {
      send(stream, varint(10_000_000))
      const timer = setInterval(() => send(stream, Uint8Array.of(0)), 20)
      stream.addEventListener('close', () => clearInterval(timer))
    }]
  ])('%s is given up when the time is up', async (_, handler: (stream: Stream) => void) => {
    const node = await nodes.start()
    const store = await RawPeer.start({ handlers: { [protocolIds.store]: handler } })
    await expectRejection(node.queryStore({}, { peer: store.address, timeoutMs: 600 }), 'WAKU_TIMEOUT', { timeoutMs: 600 })
    await expectHealthy(node)
  })

  test('answers 429 is asked again until it answers', async () => {
    const node = await nodes.start()
    let numRequests = 0
    const store = await startStore((request) => ++numRequests < 3 ? Buffer.concat([chunk(1, 'N/A'), number(10, 429), chunk(11, 'TOO_MANY_REQUESTS')]) : ok(request))
    expect(await node.queryStore({}, { peer: store.address })).toEqual({ messages: [] })
    expect(numRequests).toBe(3)
  })

  test('has an empty page before every next one does not keep a walk going for ever', async () => {
    const node = await nodes.start()
    let numRequests = 0
    const store = await startStore((request) => ok(request, chunk(51, new Uint8Array(32).fill(++numRequests))))
    const all: unknown[] = []
    for await (const message of node.queryStoreAll({ contentTopics: [freshContentTopic()], pubsubTopic }, { peer: store.address })) all.push(message)
    expect([all.length, numRequests]).toEqual([0, 1])
  })

  test('has ever more of what was asked for once does not keep a look-up going for ever', async () => {
    const node = await nodes.start()
    let numRequests = 0
    const asked = `0x${'cd'.repeat(32)}` as const
    const store = await startStore((request) => {
      numRequests++
      return ok(request, chunk(20, chunk(1, new Uint8Array(32).fill(0xcd))), chunk(51, new Uint8Array(32).fill(numRequests)))
    })
    expect(await node.queryPresence([asked], { peer: store.address })).toEqual(new Map([[asked, true]]))
    expect(numRequests).toBe(1)
  })

  test('is asked for a message that it does not have tells so', async () => {
    const node = await nodes.start()
    const store = await startStore((request) => ok(request))
    const asked = `0x${'cd'.repeat(32)}` as const
    expect(await node.queryPresence([asked], { peer: store.address })).toEqual(new Map([[asked, false]]))
  })
})
