import { describe, expect, test } from 'vitest'
import type { WaitOptions } from 'nwaku-desktop'
import { expectRejection } from '../../helpers/expect-rejection.js'
import { useShared } from '../../helpers/nodes.js'
import type { ProbedBackend } from '../backend-under-test.js'
import { waitingMethods } from './method.js'

/** A method checks its options before it does anything, and gives up at once when its signal has fired. */
export function describeTakesWaitOptions ({ createNode }: ProbedBackend): void {
  describe.each(waitingMethods)('$name', ({ call, operation }) => {
    const shared = useShared(createNode, async (own) => await own.start())

    test('with a signal that has fired rejects with its reason as the cause', async () => {
      const reason = new Error('no longer wanted')
      const error = await expectRejection(call(shared(), { signal: AbortSignal.abort(reason) }), 'WAKU_ABORTED', { operation })
      expect([error.name, error.cause]).toEqual(['AbortError', reason])
    })

    test('with an unknown option names the nearest', async () => {
      const error = await expectRejection(call(shared(), { timeoutMS: 1 } as WaitOptions), 'WAKU_INVALID_ARGUMENT', { argument: 'options.timeoutMS' })
      expect(error.details.reason).toContain("'timeoutMs'")
    })

    test.each([-1, NaN, Infinity, 2 ** 31, '5', null])('with a time of %s rejects', async (timeoutMs) => {
      await expectRejection(call(shared(), { timeoutMs: timeoutMs as number }), 'WAKU_INVALID_ARGUMENT', { argument: 'options.timeoutMs' })
    })

    test.each([{}, 'signal', null])('with a signal that is none, %j, rejects', async (signal) => {
      await expectRejection(call(shared(), { signal: signal as AbortSignal }), 'WAKU_INVALID_ARGUMENT', { argument: 'options.signal' })
    })
  })
}
