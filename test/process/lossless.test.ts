import { setTimeout as delay } from 'node:timers/promises'
import { createNode, isWakuError, type ReceivedMessage, type WakuNode } from 'nwaku-desktop'
import { describe, expect, test } from 'vitest'
import { collectMessages, freshContentTopic, textMessage, textOf } from '../helpers/messages.js'
import { addressOf, connect, pubsubTopic, untilMeshed, useNodes } from '../helpers/nodes.js'
import { nextEvent, until } from '../helpers/until.js'
import { isolatedBackends } from './helpers/isolated-backends.js'
import { hostPidsOf } from './helpers/processes.js'

const numKills = 5

describe.each(isolatedBackends)('of numbered messages, with $name,', ({ options: isolated }) => {
  const nodes = useNodes(async (options) => await createNode({ backend: 'js', host: '127.0.0.1', ...options }))

  test('that a peer with a store sends during five kills none is missing and none doubled at the application', async () => {
    // With another peer at hand it goes on sending while the node is away.
    const [peer, other] = await nodes.startPair({ store: {} })
    const node = await nodes.start({ ...isolated, staticPeers: [await addressOf(peer)] })
    await untilMeshed(node, peer)
    const contentTopic = freshContentTopic('lossless')
    const receivedByOther = collectMessages(other, contentTopic)
    const received = collectMessages(node, contentTopic)

    const numSent = await publishNumbered(peer, contentTopic, { atLeast: 10_000, during: killAgainAndAgain(node, peer) })
    await expectEachOnce(received, numSent)
    expect(receivedByOther).toHaveLength(numSent)
  }, 180_000)

  test('that the application publishes during five kills none is missing and none doubled at a peer', async () => {
    const peer = await nodes.start()
    const node = await nodes.start(isolated)
    await connect(node, peer)
    const contentTopic = freshContentTopic('lossless')
    const received = collectMessages(peer, contentTopic)

    const numSent = await publishNumbered(node, contentTopic, { atLeast: 2000, during: killAgainAndAgain(node, peer) })
    await expectEachOnce(received, numSent)
  }, 180_000)
})

/** Kills the process of a node, waits until messages flow again and goes on for a while, several times. */
async function killAgainAndAgain (node: WakuNode, peer: WakuNode): Promise<void> {
  for (let count = 0; count < numKills; count++) {
    const restarted = nextEvent(node, 'backend:restart')
    for (const pid of hostPidsOf(process.pid)) process.kill(pid, 'SIGKILL')
    await restarted
    await untilMeshed(node, peer)
    // The second tells that the one before is answered: one that is lost with three processes is not sent again.
    for (let i = 0; i < 2; i++) await nextEvent(node, 'message')
  }
}

/** Publishes one message after the other, at least so many, while something else goes on. @returns how many were accepted. */
async function publishNumbered (node: WakuNode, contentTopic: string, { atLeast, during }: { atLeast: number, during: Promise<void> }): Promise<number> {
  const ended = new AbortController()
  const whole = during.finally(() => ended.abort())
  let number = 0
  while (number < atLeast || !ended.signal.aborted) {
    try {
      await node.publish(textMessage(contentTopic, `${number}`), { pubsubTopic, timeoutMs: 30_000 })
      number++
      // About 2 000 messages a second, so that the kills fall in between.
      if (number % 10 === 0) await delay(5)
    } catch (error) {
      // Nobody was there to take it, and the number is used again.
      if (!isWakuError(error, 'WAKU_NO_PEERS')) throw error
      await delay(5)
    }
  }
  await whole
  return number
}

/** Waits until every message has come, and finds none that came twice. */
async function expectEachOnce (received: readonly ReceivedMessage[], numSent: number): Promise<void> {
  await until(() => { expect(new Set(received.map(textOf)).size).toBe(numSent) })
  expect(received).toHaveLength(numSent)
}
