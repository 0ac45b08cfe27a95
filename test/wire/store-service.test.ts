import { createNode, protocolIds, type WakuNode } from 'nwaku-desktop'
import { describe, expect, test } from 'vitest'
import { expectHealthy } from '../helpers/healthy.js'
import { freshContentTopic } from '../helpers/messages.js'
import type { Nodes } from '../helpers/nodes.js'
import { pubsubTopic, useNodes, useShared } from '../helpers/nodes.js'
import { chunk, chunksOf, framed, number, numberOf, varint } from '../helpers/protobuf-bytes.js'
import { encodedMessage, publishRpc, RawPeer, readAll, send, unframed, untilClosed } from '../helpers/raw-peer.js'
import { until } from '../helpers/until.js'

const makeNode = async (options: Parameters<typeof createNode>[0]): Promise<WakuNode> => await createNode({ host: '127.0.0.1', store: {}, ...options })
const nodes = useNodes(makeNode)
const shared = useShared(makeNode, async (all: Nodes) => await all.start())

/** Asks a node by hand. @returns the answer, split into what the tests look at. */
async function ask (node: WakuNode, request: Uint8Array, peer?: RawPeer): Promise<{ requestId: string, status: bigint | undefined, text: string, hashes: string[], cursor: Uint8Array | undefined, answer: Uint8Array }> {
  const asking = peer ?? await RawPeer.start()
  if (!asking.isConnectedTo(node)) await asking.dial(node)
  const answer = unframed(await asking.exchange(node, protocolIds.store, framed(request)))
  const text = (id: number): string => Buffer.from(chunksOf(answer, id)[0] ?? Buffer.from('(absent)')).toString()
  return {
    requestId: text(1),
    status: numberOf(answer, 10),
    text: text(11),
    hashes: chunksOf(answer, 20).map((entry) => Buffer.from(chunksOf(entry, 1)[0] as Uint8Array).toString('hex')),
    cursor: chunksOf(answer, 51)[0],
    answer
  }
}

const id = chunk(1, 'id')

/** Lets a node keep so many messages of one content topic, a millisecond apart. @returns the content topic. */
async function fill (node: WakuNode, count: number): Promise<string> {
  const peer = await RawPeer.joined(node)
  const contentTopic = freshContentTopic('service')
  const now = BigInt(Date.now()) * 1_000_000n
  for (let index = 0; index < count; index++) await peer.sendRpc(node, publishRpc(encodedMessage(contentTopic, { timestamp: now + BigInt(index) * 1_000_000n })))
  await until(async () => expect((await ask(node, Buffer.concat([id, chunk(11, contentTopic), number(53, 100)]))).hashes).toHaveLength(Math.min(count, 100)))
  return contentTopic
}

describe('the store service answers', () => {
  test('an empty page with all that nwaku demands', async () => {
    const { answer } = await ask(shared(), Buffer.concat([id, chunk(11, freshContentTopic())]))
    expect(Buffer.from(answer)).toEqual(Buffer.concat([id, number(10, 200), chunk(11, 'OK')]))
  })

  test.each<[string, () => Uint8Array, number, string]>([
    ['more than ten content topics', () => Buffer.concat([id, ...Array.from({ length: 11 }, () => chunk(11, freshContentTopic()))]), 400, 'too many content topics'],
    ['an unknown cursor', () => Buffer.concat([id, chunk(51, new Uint8Array(32).fill(5))]), 300, 'BAD_RESPONSE: archive error: DRIVER_ERROR: cursor not found'],
    ['a cursor of zeroes', () => Buffer.concat([id, chunk(51, new Uint8Array(32))]), 400, 'all zeroes cursor hash'],
    ['a cursor of 31 bytes', () => Buffer.concat([id, chunk(51, new Uint8Array(31).fill(1))]), 400, 'invalid hash length: 31'],
    ['a hash of 33 bytes', () => Buffer.concat([id, chunk(20, new Uint8Array(33))]), 400, 'invalid hash length: 33']
  ])('%s with its code and text', async (_, request, code, text) => {
    const { requestId, status, text: told, hashes } = await ask(shared(), request())
    expect({ requestId, status, hashes }).toEqual({ requestId: 'id', status: BigInt(code), hashes: [] })
    expect(told).toContain(text)
  })

  test.each([
    ['garbage', Uint8Array.of(0xff, 0xff, 0xff)],
    ['nothing', new Uint8Array()],
    ['a request without its id', chunk(11, '/a/1/b/c')],
    ['a topic that is not UTF-8', Buffer.concat([id, chunk(11, Uint8Array.of(0xc3, 0x28))])],
    ['2 000 hashes', Buffer.concat([id, ...Array.from({ length: 1800 }, () => chunk(20, new Uint8Array(32)))])]
  ])('%s with 400 and a text that begins as that of nwaku', async (_, request) => {
    const { requestId, status, text } = await ask(shared(), request)
    expect({ requestId, status }).toEqual({ requestId: 'N/A', status: 400n })
    expect(text).toMatch(/^decoding rpc failed/)
  })

  test('429 without the id of the request beyond the limit, and answers again later', async () => {
    const node = await nodes.start({ rateLimits: { store: '2/1s' } })
    const peer = await RawPeer.start()
    const answers = []
    for (let index = 0; index < 3; index++) answers.push(await ask(node, id, peer))
    expect(answers.map(({ status, requestId }) => ({ status, requestId }))).toEqual([{ status: 200n, requestId: 'id' }, { status: 200n, requestId: 'id' }, { status: 429n, requestId: 'N/A' }])
    expect(answers[2]?.text).toBe('TOO_MANY_REQUESTS')
    await until(async () => expect((await ask(node, id, peer)).status).toBe(200n))
  })

  test.each<[string, Uint8Array, number]>([
    ['absent', new Uint8Array(), 20],
    ['0', number(53, 0), 20],
    ['7', number(53, 7), 7],
    ['1 000', number(53, 1000), 100],
    ['2^64 - 1', number(53, 2n ** 64n - 1n), 100]
  ])('a page of the right size for a limit that is %s', async (_, limit, size) => {
    const node = shared()
    fullTopic ??= fill(node, 105)
    const { hashes, cursor } = await ask(node, Buffer.concat([id, chunk(11, await fullTopic), limit]))
    expect(hashes).toHaveLength(size)
    expect(Buffer.from(cursor ?? '').toString('hex')).toBe(hashes.at(-1))
  })

  test('times of 0 and below as if they were absent', async () => {
    const node = shared()
    fullTopic ??= fill(node, 105)
    const { hashes } = await ask(node, Buffer.concat([id, chunk(11, await fullTopic), number(12, 1), number(13, 0), number(53, 100)]))
    expect(hashes).toHaveLength(100)
  })

  test('pages that walk from either end over everything once', async () => {
    const node = shared()
    fullTopic ??= fill(node, 105)
    const walks: string[][] = []
    for (const direction of [[], [number(52, 1)], [number(52, 0)]]) {
      const walked: string[] = []
      let cursor: Uint8Array | undefined
      for (let page = 0; page < 5 && (page === 0 || cursor !== undefined); page++) {
        const answer = await ask(node, Buffer.concat([id, chunk(11, await fullTopic), number(53, 30), ...direction, ...(cursor === undefined ? [] : [chunk(51, cursor)])]))
        walked.push(...(direction[0]?.at(-1) === 0 ? answer.hashes.reverse() : answer.hashes))
        cursor = answer.cursor
      }
      walks.push(walked)
    }
    const [absent, forward, backward] = walks as [string[], string[], string[]]
    expect(new Set(forward).size).toBe(105)
    expect(absent, 'without a direction, forward').toEqual(forward)
    expect(backward).toEqual([...forward].reverse())
  })

  test('messages only when data is asked for', async () => {
    const node = shared()
    fullTopic ??= fill(node, 105)
    const request = Buffer.concat([id, chunk(11, await fullTopic), number(53, 1)])
    const [without, withData] = [await ask(node, request), await ask(node, Buffer.concat([request, number(2, 1)]))]
    expect(chunksOf(chunksOf(without.answer, 20)[0] as Uint8Array, 2)).toEqual([])
    const [entry] = chunksOf(withData.answer, 20) as [Uint8Array]
    expect(Buffer.from(chunksOf(chunksOf(entry, 2)[0] as Uint8Array, 2)[0] as Uint8Array).toString()).toBe(await fullTopic)
    expect(Buffer.from(chunksOf(entry, 3)[0] as Uint8Array).toString()).toBe(pubsubTopic)
  })
})

let fullTopic: Promise<string> | undefined

describe('the store service stands', () => {
  test.each([
    ['an announced 4 GiB', varint(2 ** 32)],
    ['a length that never ends', new Uint8Array(100_000).fill(0x80)],
    ['a request of a MiB', Buffer.concat([varint(1024 * 1024), new Uint8Array(1024 * 1024)])]
  ])('%s: the stream is reset and nothing else', async (_, bytes) => {
    const node = shared()
    const peer = await RawPeer.start()
    await peer.dial(node)
    const stream = await peer.open(node, protocolIds.store)
    const closed = untilClosed(stream)
    send(stream, bytes)
    await closed
    expect(peer.isConnectedTo(node)).toBe(true)
    expect((await ask(node, id, peer)).status).toBe(200n)
  })

  test('a request that comes a byte at a time, or not at all: others are answered meanwhile', async () => {
    const node = shared()
    const [slow, other] = await Promise.all([RawPeer.start(), RawPeer.start()])
    await slow.dial(node)
    for (let index = 0; index < 20; index++) send(await slow.open(node, protocolIds.store), Uint8Array.of(200, 1, 0x0a))
    expect((await ask(node, id, other)).status).toBe(200n)
    expect((await ask(node, id, slow)).status).toBe(200n)
  })

  test('a peer that reads its answers and never closes its side: it is answered again once its streams are reset', async () => {
    const node = await nodes.start()
    const peer = await RawPeer.start()
    await peer.dial(node)
    const askAndLeaveOpen = async (): Promise<bigint | undefined> => {
      const stream = await peer.open(node, protocolIds.store)
      const answer = readAll(stream)
      send(stream, framed(id))
      return numberOf(unframed(await answer), 10)
    }
    for (let index = 0; index < 32; index++) expect(await askAndLeaveOpen(), `request ${index}`).toBe(200n)
    await until(async () => expect(await askAndLeaveOpen()).toBe(200n))
    await expectHealthy(node)
  })
})
