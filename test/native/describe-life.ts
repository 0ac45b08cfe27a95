import { describe, expect, it } from 'vitest'
import type { BridgeFixture } from './describe-bridge.js'
import { makeNode, numbersOf, provoke, textOf, until } from './helpers/nodes.js'

/** Describes how nodes come and go. */
export function describeLife ({ generation, driver, node }: BridgeFixture): void {
  describe('a node', () => {
    it.each([
      ['reports an error', 'error', 'fake error'],
      ['makes nothing and says nothing', 'nothing', 'the library made no node and gave no reason'],
      ['makes nothing and says why', 'nothing-error', 'fake refusal']
    ])('whose creation %s is refused and destroyed', async (_, behaviour, reason) => {
      const { contexts } = driver().stats()
      await expect(makeNode(driver(), { 'fake:create': behaviour })).rejects.toMatchObject({
        code: 'WAKU_LIBRARY_ERROR', details: { operation: 'create', libraryMessage: reason }
      })
      await until('its end', () => driver().stats().contexts === contexts)
    })

    it.each(['sync', 'late:30', 'foreign', 'twice'])('whose creation is answered %s works', async (behaviour) => {
      const { context } = await node({ 'fake:create': behaviour })
      expect(textOf(await context.call('waku_default_pubsub_topic'))).toBe('/waku/2/rs/0/0')
    })

    it('whose creation is never answered is given up at the deadline and destroyed', async () => {
      const { contexts } = driver().stats()
      await expect(makeNode(driver(), { 'fake:create': 'silent' }, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'WAKU_TIMEOUT' })
      await until('its end', () => driver().stats().contexts === contexts)
    })

    it('whose creation is answered after the deadline is destroyed', async () => {
      const { contexts } = driver().stats()
      await expect(makeNode(driver(), { 'fake:create': 'late:100' }, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'WAKU_TIMEOUT' })
      await until('its end', () => driver().stats().contexts === contexts)
    })

    it('whose creation is aborted is destroyed', async () => {
      const { contexts } = driver().stats()
      const controller = new AbortController()
      const made = makeNode(driver(), { 'fake:create': 'silent' }, { signal: controller.signal })
      controller.abort()
      await expect(made).rejects.toMatchObject({ code: 'WAKU_ABORTED' })
      await until('its end', () => driver().stats().contexts === contexts)
    })

    it('keeps its key out of the error when it cannot be made', async () => {
      const nodekey = 'ab'.repeat(32)
      const made = makeNode(driver(), { nodekey, 'fake:create': 'confess' })
      await expect(made).rejects.toMatchObject({ details: { libraryMessage: 'cannot read <64 hex digits>' } })
    })

    it('with a configuration that holds a NUL is refused', async () => {
      await expect(driver().create('{}\0')).rejects.toMatchObject({ code: 'WAKU_INVALID_ARGUMENT', details: { argument: 'configJson' } })
    })

    it('that is destroyed answers open calls as closed', async () => {
      const { context } = await node()
      const calls = Promise.allSettled([1, 2, 3].map(async () => provoke(context, 'silent')))
      await context.destroy()
      for (const outcome of await calls) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'WAKU_CLOSED' } })
    })

    it('that is being destroyed refuses calls at once', async () => {
      const { context } = await node({ 'fake:destroy': 'busy:100' })
      const destroyed = context.destroy()
      await expect(context.call('waku_version')).rejects.toMatchObject({ code: 'WAKU_CLOSED' })
      await destroyed
      await expect(context.call('waku_version')).rejects.toMatchObject({ code: 'WAKU_CLOSED' })
    })

    it('that is destroyed twice is destroyed once', async () => {
      const { context } = await node()
      await Promise.all([context.destroy(), context.destroy()])
      await context.destroy()
      const { context: other } = await node()
      expect(textOf(await provoke(other, 'live'))).toBe('1')
    })

    it('that takes long to destroy keeps no other waiting', async () => {
      const { context: slow } = await node({ 'fake:destroy': 'busy:1500' })
      const { context } = await node()
      let gone = false
      const destroyed = slow.destroy().then(() => { gone = true })
      expect(textOf(await provoke(context, 'sync'))).toBe('sync')
      expect(gone).toBe(false)
      await destroyed
    })

    it('that takes longer to destroy than one waits is destroyed all the same', async () => {
      const { contexts } = driver().stats()
      const { context } = await node({ 'fake:destroy': 'busy:100' })
      await expect(context.destroy({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'WAKU_TIMEOUT', details: { operation: 'destroy' } })
      await until('its end', () => driver().stats().contexts === contexts)
    })

    it('that is destroyed by one who does not wait is destroyed', async () => {
      const { contexts } = driver().stats()
      const { context } = await node()
      await expect(context.destroy({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'WAKU_ABORTED' })
      await until('its end', () => driver().stats().contexts === contexts)
    })

    it('that cannot be destroyed is reported and counted', async () => {
      const { leakedContexts } = driver().stats()
      const { context } = await node({ 'fake:destroy': 'error' })
      await expect(context.destroy()).rejects.toMatchObject({ code: 'WAKU_LIBRARY_ERROR', details: { operation: 'destroy' } })
      expect(driver().stats().leakedContexts).toBe(leakedContexts + 1)
    })

    it('leaves its thread to the next', async () => {
      await (await node()).context.destroy()
      const { dispatchers } = driver().stats()
      for (let i = 0; i < 20; i++) await (await node()).context.destroy()
      expect(driver().stats().dispatchers).toBe(dispatchers)
    })

    it('exchanges messages with another', async () => {
      const { context: alice } = await node({ clusterId: 16, shards: [32], tcpPort: 60_001 })
      const { context: bob, events } = await node({ clusterId: 16, shards: [32], tcpPort: 60_002 })
      await alice.call('waku_start')
      await bob.call('waku_start')
      await alice.call('waku_connect', [textOf(await bob.call('waku_listen_addresses')), 1000])
      const message = { payload: Buffer.from('hello').toString('base64'), contentTopic: '/app/1/chat/proto', timestamp: '1795439764173496167' }
      const reply = await alice.call('waku_relay_publish', ['/waku/2/rs/16/32', JSON.stringify(message), 1000])
      const joined = generation === 'C' ? 'EventConnected' : 'Joined'
      await until('connection and message', () => events.length === 2)
      expect(JSON.parse(textOf(events[0] ?? reply))).toMatchObject({ eventType: 'connection_change', peerEvent: joined })
      expect(JSON.parse(textOf(events[1] ?? reply))).toMatchObject({ eventType: 'message', messageHash: textOf(reply) })
    })

    it('exists beside others in its number', async () => {
      const nodes = await Promise.all(Array.from({ length: 8 }, async (_, i) => node({ tcpPort: 60_010 + i })))
      expect(textOf(await provoke((nodes[0] ?? await node()).context, 'live'))).toBe('8')
      await Promise.all(nodes.map(async ({ context }) => provoke(context, 'flood:500:100')))
      await until('the events of each', () => nodes.every(({ events }) => numbersOf(events).length === 500))
    })
  })
}
