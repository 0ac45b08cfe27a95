import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { isWakuError, WakuError, wakuErrorFromJson, type WakuErrorJson } from 'nwaku-desktop'
import { expectRejection } from '../helpers/expect-rejection.js'
import { freshContentTopic, textMessage } from '../helpers/messages.js'
import { pubsubTopic, useNodes } from '../helpers/nodes.js'
import { until } from '../helpers/until.js'
import type { ProbedBackend } from './backend-under-test.js'
import { describeNeedsStartedNode } from './traits/needs-started-node.js'
import { describeTakesWaitOptions } from './traits/takes-wait-options.js'
import { describeWaitsForPeer } from './traits/waits-for-peer.js'

/** How every method fails, and what becomes of calls under way when a node ends. */
export function describeErrors (backend: ProbedBackend): void {
  describe('errors', () => {
    describeNeedsStartedNode(backend)
    describeTakesWaitOptions(backend)
    describeWaitsForPeer(backend)
    describeCapabilities(backend)
    describeCallsUnderWay(backend)
  })
}

function describeCapabilities ({ createNode, supports }: ProbedBackend): void {
  const nodes = useNodes(createNode)

  test('a node without relay refuses what needs it', async () => {
    const node = await nodes.start({ relay: false })
    const refused = [node.publish(textMessage(freshContentTopic(), ''), { pubsubTopic }), node.subscribe({ pubsubTopic }), node.getPeersInMesh(pubsubTopic), node.getTopicHealth(pubsubTopic)]
    for (const promise of refused) await expectRejection(promise, 'WAKU_NOT_SUPPORTED', { capability: 'relay' })
  })

  test.runIf(!supports.proofs)('a backend that cannot send proofs says so, and sends nothing', async () => {
    const node = await nodes.start()
    await expectRejection(node.publish(textMessage(freshContentTopic(), '', { proof: Uint8Array.of(1) }), { pubsubTopic }), 'WAKU_NOT_SUPPORTED', { capability: 'proofs' })
  })

  test.runIf(!supports.unsubscribe)('a backend that cannot leave a topic delivers nothing of it any more', async () => {
    const [node, other] = await nodes.startPair()
    const elsewhere = `${pubsubTopic}0`
    const subscription = await node.subscribe({ pubsubTopic: elsewhere })
    const seen: string[] = []
    node.on('message', (received) => { seen.push(received.pubsubTopic) })
    await subscription.unsubscribe()
    await until(async () => await other.publish(textMessage(freshContentTopic(), 'unheard'), { pubsubTopic: elsewhere }))
    await other.publish(textMessage(freshContentTopic(), 'behind it'), { pubsubTopic })
    await until(() => { expect(seen).toContain(pubsubTopic) })
    expect(seen).toEqual([pubsubTopic])
  })

  test.runIf(!supports.storeClient)('a backend that cannot ask stores says so', async () => {
    const node = await nodes.start()
    for (const promise of [node.queryStore(), node.queryStoreAll().next(), node.queryPresence([])]) {
      await expectRejection(promise, 'WAKU_NOT_SUPPORTED', { capability: 'storeClient' })
    }
  })

  test.each([
    ['storeService', { store: {} }],
    ['webSocket', { websocketPort: 0 }],
    ['protectedShards', { protectedShards: [{ shardId: 1, publicKey: '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798' }] }]
  ] as const)('options that need %s are refused by a backend without it, and taken by others', async (capability, options) => {
    if (supports[capability]) expect((await nodes.create(options)).supports[capability]).toBe(true)
    else await expectRejection(createNode(options), 'WAKU_NOT_SUPPORTED', { capability })
  })

  test('an error crosses a process as JSON and is the same afterwards', async () => {
    const error = await expectRejection((await nodes.create()).getPeers(), 'WAKU_NOT_STARTED')
    const rebuilt = wakuErrorFromJson(JSON.parse(JSON.stringify(error)) as WakuErrorJson)
    expect(rebuilt).toBeInstanceOf(WakuError)
    expect(isWakuError(rebuilt, 'WAKU_NOT_STARTED')).toBe(true)
    expect([rebuilt.message, rebuilt.details]).toEqual([error.message, error.details])
  })
}

function describeCallsUnderWay ({ createNode }: ProbedBackend): void {
  const nodes = useNodes(createNode)

  test.each([['stops', 'stop', 'WAKU_NOT_STARTED'], ['closes', 'close', 'WAKU_CLOSED']] as const)('publishes under way when a node %s are sent or reject', async (_, end, code) => {
    const [node] = await nodes.startPair()
    const contentTopic = freshContentTopic()
    const payload = new Uint8Array(100 * 1024)
    const published = Array.from({ length: 100 }, async () => await node.publish({ contentTopic, payload }, { pubsubTopic }))
    const settled = Promise.allSettled(published)
    await turn()
    await node[end]()
    for (const result of await settled) {
      if (result.status === 'rejected') expect(isWakuError(result.reason) ? result.reason.code : result.reason).toBe(code)
    }
    await expectRejection(node.publish({ contentTopic, payload }, { pubsubTopic }), code)
  })

  test('a publish after close was called rejects although the node still stops', async () => {
    const [node] = await nodes.startPair()
    const closed = node.close()
    await expectRejection(node.publish(textMessage(freshContentTopic(), 'late'), { pubsubTopic }), 'WAKU_CLOSED')
    await expectRejection(node.subscribe({ pubsubTopic }), 'WAKU_CLOSED')
    await closed
  })
}
