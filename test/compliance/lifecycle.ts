import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { NodeStatus } from 'nwaku-desktop'
import { expectRejection } from '../helpers/expect-rejection.js'
import { freePort } from '../helpers/free-port.js'
import { listen } from '../helpers/listen.js'
import { collectMessages, freshContentTopic, take, textMessage, textOf, untilReceived } from '../helpers/messages.js'
import { addressOf, connect, pubsubTopic, useNodes } from '../helpers/nodes.js'
import { collectEvents, nextEvent, until } from '../helpers/until.js'
import type { ProbedBackend } from './backend-under-test.js'

/** How a node starts, stops and closes, in every order and at once. */
export function describeLifecycle ({ createNode, supports }: ProbedBackend): void {
  describe('lifecycle', () => {
    const nodes = useNodes(createNode)

    test('a node goes through its states in order and tells each change once', async () => {
      const node = await nodes.create()
      const statuses: NodeStatus[] = [node.status]
      node.on('status', ({ status, previous }) => {
        expect(previous).toBe(statuses.at(-1))
        statuses.push(status)
      })
      await node.start()
      await node.stop()
      await node.close()
      expect(statuses).toEqual(['created', 'starting', 'started', 'stopping', 'stopped', 'closing', 'closed'])
    })

    test('starting a started node does nothing', async () => {
      const node = await nodes.start()
      const changes = collectEvents(node, 'status')
      await node.start()
      expect(changes).toEqual([])
    })

    test('three starts at once start a node once', async () => {
      const node = await nodes.create()
      const changes = collectEvents(node, 'status')
      await Promise.all([node.start(), node.start(), node.start()])
      expect(changes.map(({ status }) => status)).toEqual(['starting', 'started'])
    })

    test('a start whose caller gives up does not spoil the start of another caller', async () => {
      const node = await nodes.create()
      const controller = new AbortController()
      const given = node.start({ signal: controller.signal })
      const wanted = node.start()
      controller.abort()
      await expectRejection(given, 'WAKU_ABORTED', { operation: 'start' })
      await wanted
      expect(node.status).toBe('started')
    })

    test('stopping a node that was never started does nothing', async () => {
      const node = await nodes.create()
      await node.stop()
      expect(node.status).toBe('created')
    })

    test('two stops at once stop a node once', async () => {
      const node = await nodes.start()
      const changes = collectEvents(node, 'status')
      await Promise.all([node.stop(), node.stop()])
      expect(changes.map(({ status }) => status)).toEqual(['stopping', 'stopped'])
    })

    test('a stop that is asked for while the node starts comes after the start', async () => {
      const node = await nodes.create()
      const started = node.start()
      await node.stop()
      await started
      expect(node.status).toBe('stopped')
    })

    test.runIf(supports.restart)('a start that is asked for while the node stops comes after the stop', async () => {
      const node = await nodes.start()
      const stopped = node.stop()
      await node.start()
      await stopped
      expect(node.status).toBe('started')
      expect(await node.getListenAddresses()).not.toEqual([])
    })

    test('closing is idempotent, at once and afterwards', async () => {
      const node = await nodes.start()
      const changes = collectEvents(node, 'status')
      await Promise.all([node.close(), node.close()])
      await node.close()
      expect(changes.map(({ status }) => status)).toEqual(['stopping', 'stopped', 'closing', 'closed'])
    })

    test('a node that was never started can be closed', async () => {
      const node = await nodes.create()
      await node.close()
      expect(node.status).toBe('closed')
    })

    test('a node that is closed while it starts gives up starting', async () => {
      const node = await nodes.create()
      const started = expectRejection(node.start(), 'WAKU_CLOSED')
      await node.close()
      await started
      expect(node.status).toBe('closed')
    })

    test('a node that is closed while it stops is closed in the end', async () => {
      const node = await nodes.start()
      const stopped = node.stop()
      await node.close()
      await stopped
      expect(node.status).toBe('closed')
    })

    test('a closed node cannot be started', async () => {
      const node = await nodes.create()
      await node.close()
      await expectRejection(node.start(), 'WAKU_CLOSED', { status: 'closed' })
    })

    test('stopping a closed node does nothing', async () => {
      const node = await nodes.create()
      await node.close()
      await node.stop()
      expect(node.status).toBe('closed')
    })

    test('leaving the scope of `await using` closes the node', async () => {
      const node = await nodes.start()
      {
        await using scoped = node
        expect(scoped.status).toBe('started')
      }
      expect(node.status).toBe('closed')
    })

    test('a start that is aborted rejects, and the node can be started again', async () => {
      const node = await nodes.create()
      const controller = new AbortController()
      const started = expectRejection(node.start({ signal: controller.signal }), 'WAKU_ABORTED', { operation: 'start' })
      controller.abort(new Error('changed my mind'))
      expect((await started).cause).toMatchObject({ message: 'changed my mind' })
      await node.start()
      expect(node.status).toBe('started')
    })

    test('a start that takes too long rejects, and the node can be started again', async () => {
      const node = await nodes.create({ store: {} })
      await expectRejection(node.start({ timeoutMs: 1 }), 'WAKU_TIMEOUT', { operation: 'start', timeoutMs: 1 })
      await node.start()
      expect(node.status).toBe('started')
    })

    test('a start on a port in use rejects, and succeeds once the port is free', async () => {
      const server = createServer()
      const port = await listen(server)
      onTestFinished(() => { server.close() })
      const node = await nodes.create({ port })
      const error = await expectRejection(node.start(), 'WAKU_LISTEN_FAILED')
      expect(error.details.addresses).toContain(`/ip4/127.0.0.1/tcp/${port}`)
      expect(node.status).toBe('created')
      server.close()
      await once(server, 'close')
      await node.start()
      expect(await addressOf(node)).toBe(`/ip4/127.0.0.1/tcp/${port}/p2p/${node.peerId}`)
    })

    test.runIf(supports.webSocket)('a start fails when only its second port is in use', async () => {
      const server = createServer()
      const websocketPort = await listen(server)
      onTestFinished(() => { server.close() })
      const node = await nodes.create({ websocketPort })
      await expectRejection(node.start(), 'WAKU_LISTEN_FAILED')
    })

    test.runIf(supports.restart)('a restarted node has the same identity and takes its port again', async () => {
      const node = await nodes.start({ port: await freePort() })
      const address = await addressOf(node)
      await node.stop()
      await node.start()
      expect(await addressOf(node)).toBe(address)
    })

    test.runIf(supports.restart)('subscriptions go on after a restart', async () => {
      const [node, other] = await nodes.startPair()
      const contentTopic = freshContentTopic()
      const texts: string[] = []
      await node.subscribe({ pubsubTopic, contentTopics: [contentTopic] }, (received) => { texts.push(textOf(received)) })
      await node.stop()
      await node.start()
      // Not until they are in each other's mesh: a peer that left is kept out of it for a minute.
      await node.dial(await addressOf(other))
      await until(async () => await other.publish(textMessage(contentTopic, 'after'), { pubsubTopic }))
      await untilReceived(texts, 1)
      expect(texts).toEqual(['after'])
    })

    test('a subscription from before the start delivers after it', async () => {
      const node = await nodes.create({ shards: [] })
      const contentTopic = freshContentTopic()
      const subscription = await node.subscribe({ pubsubTopic, contentTopics: [contentTopic] })
      await node.start()
      expect(node.getPubsubTopics()).toEqual([pubsubTopic])
      await connect(node, await nodes.start())
      await node.publish(textMessage(contentTopic, 'hello'), { pubsubTopic })
      expect((await take(subscription, 1)).map(textOf)).toEqual(['hello'])
    })

    test('what the application did not subscribe to is gone after the stop', async () => {
      const [node, other] = await nodes.startPair()
      const contentTopic = freshContentTopic()
      const received = collectMessages(node, contentTopic)
      const left = nextEvent(other, 'peer:disconnect', ({ peerId }) => peerId === node.peerId)
      await node.stop()
      await left
      await expectRejection(other.publish(textMessage(contentTopic, 'nobody hears'), { pubsubTopic }), 'WAKU_NO_PEERS')
      expect(received).toEqual([])
      expect(node.getConnectionStatus()).toBe('Disconnected')
    })
  })
}
