import { describe, expect, test } from 'vitest'
import { expectRejection } from '../../helpers/expect-rejection.js'
import { useShared } from '../../helpers/nodes.js'
import type { ProbedBackend } from '../backend-under-test.js'
import { startedMethods } from './method.js'

/** On a node that is not started, stopped or closed a method rejects, and tells the status. */
export function describeNeedsStartedNode ({ createNode }: ProbedBackend): void {
  describe.each(startedMethods)('$name', ({ call }) => {
    const shared = useShared(createNode, async (own) => {
      const [created, stopped, closed] = [await own.create(), await own.start(), await own.start()]
      await Promise.all([stopped.stop(), closed.close()])
      return { created, stopped, closed }
    })

    test.each(['created', 'stopped'] as const)('on a %s node rejects', async (status) => {
      await expectRejection(call(shared()[status], {}), 'WAKU_NOT_STARTED', { status })
    })

    test('on a closed node rejects', async () => {
      await expectRejection(call(shared().closed, {}), 'WAKU_CLOSED', { status: 'closed' })
    })
  })

  describe('subscribe', () => {
    const shared = useShared(createNode, async (own) => await own.create())

    test('on a closed node rejects', async () => {
      const node = shared()
      await node.close()
      await expectRejection(node.subscribe({ pubsubTopic: '/waku/2/rs/16/32' }), 'WAKU_CLOSED', { status: 'closed' })
      expect(node.status).toBe('closed')
    })
  })
}
