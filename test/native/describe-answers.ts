import { describe, expect, it } from 'vitest'
import { readText } from '../../src/backends/libwaku/drivers/read-text.js'
import type { BridgeFixture } from './describe-bridge.js'
import { provoke, textOf, until } from './helpers/nodes.js'

/** Describes how answers of the library come back, however it sends them. */
export function describeAnswers ({ generation, driver, node }: BridgeFixture): void {
  describe('an answer', () => {
    it.each([
      ['inside the call', 'sync', 'sync'],
      ['later', 'late:30', 'late'],
      ['on a thread of its own', 'foreign', 'foreign'],
      ['without a terminator, at the end of readable memory', 'unterminated', 'unterminated'],
      ['that is empty', 'empty', ''],
      ['without a text at all', 'null', ''],
      ['twice', 'twice', 'first']
    ])('that comes %s is taken', async (_, behaviour, expected) => {
      const { context } = await node()
      const reply = await provoke(context, behaviour)
      expect([reply.code, textOf(reply)]).toEqual([0, expected])
    })

    it('of tens of megabytes is taken whole', async () => {
      const { context } = await node()
      const { bytes } = await provoke(context, 'huge:33554432')
      expect(bytes.length).toBe(33_554_432)
      expect(bytes.every((byte) => byte === 0x78)).toBe(true)
    })

    it('that is not UTF-8 keeps its bytes, and its text is refused', async () => {
      const { context } = await node()
      const reply = await provoke(context, 'binary')
      expect(Buffer.from(reply.bytes).toString('hex')).toBe('fffe206f6b20c328')
      expect(() => readText(reply, 'x')).toThrow(expect.objectContaining({ code: 'WAKU_MALFORMED_REPLY', details: { operation: 'x' } }))
    })

    it('that is an error is told from success', async () => {
      const { context } = await node()
      const reply = await provoke(context, 'error')
      expect([reply.code, textOf(reply)]).toEqual([1, 'fake error'])
    })

    it('that comes with an error returned as well settles the call once', async () => {
      const { context } = await node()
      const reply = await provoke(context, 'refused')
      expect([reply.code, textOf(reply)]).toEqual([1, 'fake refusal'])
    })

    it('that never comes after an error returned is made up for', async () => {
      const { context } = await node()
      const reply = await provoke(context, 'return-error')
      expect([reply.code, textOf(reply)]).toEqual([1, 'the library refused the call and gave no reason'])
    })

    it('that comes after an error returned is dropped', async () => {
      const before = driver().stats().strayReplies
      const { context } = await node()
      const reply = await provoke(context, 'error-then-late:20')
      expect(reply.code).toBe(1)
      await until('the late answer', () => driver().stats().strayReplies > before)
      expect(textOf(await context.call('waku_default_pubsub_topic'))).toBe('/waku/2/rs/0/0')
    })

    it('that comes a second time is counted and dropped', async () => {
      const before = driver().stats().strayReplies
      const { context } = await node()
      await provoke(context, 'twice')
      await until('the second answer', () => driver().stats().strayReplies === before + 1)
    })

    it('that comes after its node is gone is dropped', async () => {
      const before = driver().stats().strayReplies
      const { context } = await node()
      const call = expect(provoke(context, 'ghost:100')).rejects.toMatchObject({ code: 'WAKU_CLOSED' })
      await provoke(context, 'sync') // so that the one before has been made
      await context.destroy()
      await call
      await until('the ghost', () => driver().stats().strayReplies > before)
    })

    it.runIf(generation === 'C')('is told from a notice that it takes its time', async () => {
      const { context } = await node({ 'fake:waku_version': 'stale' })
      expect(textOf(await context.call('waku_version'))).toBe('fresh')
    })

    it('that never comes ends at the deadline, and the next call works', async () => {
      const { context } = await node()
      await expect(provoke(context, 'silent', 50)).rejects.toMatchObject({ code: 'WAKU_TIMEOUT', details: { operation: 'waku_relay_subscribe', timeoutMs: 50 } })
      expect(textOf(await provoke(context, 'sync'))).toBe('sync')
    })

    it('that comes after the deadline is dropped', async () => {
      const { context } = await node()
      await expect(provoke(context, 'late:100', 20)).rejects.toMatchObject({ code: 'WAKU_TIMEOUT' })
      await until('the late answer', () => context.stats().openCalls === 0)
    })

    it('is no longer awaited once the signal fires', async () => {
      const { context } = await node()
      const controller = new AbortController()
      const call = context.call('waku_relay_subscribe', ['fake:silent'], { signal: controller.signal })
      controller.abort(new Error('enough'))
      await expect(call).rejects.toMatchObject({ name: 'AbortError', code: 'WAKU_ABORTED', cause: { message: 'enough' } })
    })

    it('is not asked for when the signal has fired before', async () => {
      const { context } = await node()
      await expect(context.call('waku_version', [], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'WAKU_ABORTED' })
      expect(context.stats().openCalls).toBe(0)
    })

    it('comes to each of a thousand calls at once', async () => {
      const { context } = await node({ 'fake:waku_relay_get_num_connected_peers': 'echo' })
      const topics = Array.from({ length: 1000 }, (_, i) => `topic ${i}`)
      const replies = await Promise.all(topics.map(async (topic) => context.call('waku_relay_get_num_connected_peers', [topic])))
      expect(replies.map(textOf)).toEqual(topics.map((topic) => `waku_relay_get_num_connected_peers|${topic}`))
    })

    it('that is owed to more calls than a node may have open is refused', async () => {
      const { context } = await node({}, { maxCalls: 3 })
      const silent = [1, 2, 3].map(async () => provoke(context, 'silent', 200))
      await expect(provoke(context, 'sync')).rejects.toMatchObject({ code: 'WAKU_QUEUE_FULL', details: { queue: 'calls', limit: 3 } })
      for (const outcome of await Promise.allSettled(silent)) expect(outcome.status).toBe('rejected')
    })

    it('to a question comes before those to calls that wait', async () => {
      const { context } = await node()
      const answered: string[] = []
      // Without promises in between, which would tell of what is answered in one turn in another order.
      const calls = ['busy:100', 'busy:100', 'busy:1'].map((way) => context.call('waku_relay_subscribe', [`fake:${way}`]).then(() => answered.push(way)))
      const question = context.call('waku_version').then(() => answered.push('question'))
      await Promise.all([...calls, question])
      expect(answered.at(-1)).toBe('busy:1')
    })

    it('of one node does not wait for another node that blocks', async () => {
      const { context: blocked } = await node()
      const { context: free } = await node()
      let answered = false
      const call = provoke(blocked, 'busy:1500').then(() => { answered = true })
      expect(textOf(await provoke(free, 'sync'))).toBe('sync')
      expect(answered).toBe(false)
      await call
    })
  })
}
