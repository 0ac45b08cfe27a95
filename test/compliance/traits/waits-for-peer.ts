import { describe, expect, test } from 'vitest'
import { expectRejection } from '../../helpers/expect-rejection.js'
import { useNodes, useShared } from '../../helpers/nodes.js'
import { silentPeer } from '../../helpers/silent-peer.js'
import type { ProbedBackend } from '../backend-under-test.js'
import { peerMethods } from './method.js'

/** A method that waits for a peer which never answers ends by its deadline, its signal, or the end of the node. */
export function describeWaitsForPeer ({ createNode }: ProbedBackend): void {
  describe.each(peerMethods)('$name of a silent peer', ({ callPeer, operation }) => {
    const nodes = useNodes(createNode)
    const shared = useShared(createNode, async (own) => await own.start())

    test('rejects when its time is up', async () => {
      await expectRejection(callPeer(shared(), await silentPeer(), { timeoutMs: 1 }), 'WAKU_TIMEOUT', { operation, timeoutMs: 1 })
    })

    test('rejects when its signal fires', async () => {
      const controller = new AbortController()
      const call = expectRejection(callPeer(shared(), await silentPeer(), { signal: controller.signal }), 'WAKU_ABORTED', { operation })
      controller.abort(new Error('enough'))
      expect((await call).cause).toEqual(new Error('enough'))
    })

    test('rejects when the node stops', async () => {
      const node = await nodes.start()
      const call = expectRejection(callPeer(node, await silentPeer(), { timeoutMs: 0 }), 'WAKU_NOT_STARTED')
      await node.stop()
      await call
    })

    test('rejects when the node closes', async () => {
      const node = await nodes.start()
      const call = expectRejection(callPeer(node, await silentPeer(), { timeoutMs: 0 }), 'WAKU_CLOSED')
      await node.close()
      await call
    })
  })
}
