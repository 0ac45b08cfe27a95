import { expect } from 'vitest'
import type { MessageHash, StoredMessage, WakuNode } from 'nwaku-desktop'
import { nowNs, textMessage, textOf } from './messages.js'
import { addressOf } from './nodes.js'
import { until } from './until.js'

/** The numbers from one up to, but not, another, as texts. */
export const countUp = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => String(from + index))

/** The payloads of hits as texts. */
export const textsOf = (messages: readonly StoredMessage[]): string[] => messages.map(({ message }) => message === undefined ? '' : textOf({ message }))

/** The hashes of hits. */
export const hashesOf = (messages: readonly StoredMessage[]): MessageHash[] => messages.map((message) => message.messageHash)

/** Publishes numbered messages, a millisecond apart by their timestamps, and waits until the store has them. @returns their hashes. */
export async function fillStore (publisher: WakuNode, store: WakuNode, contentTopics: readonly string[], count: number, pubsubTopic?: string): Promise<MessageHash[]> {
  const start = nowNs()
  const hashes: MessageHash[] = []
  for (let index = 0; index < count; index++) {
    const message = textMessage(contentTopics[index % contentTopics.length] as string, String(index), { timestamp: start + BigInt(index) * 1_000_000n, meta: Uint8Array.of(index) })
    hashes.push(await publisher.publish(message, { pubsubTopic }))
  }
  const peer = await addressOf(store)
  await until(async () => { expect([...(await publisher.queryPresence(hashes, { peer })).values()]).not.toContain(false) })
  return hashes
}

/** Collects everything that an iteration yields. */
export async function all<T> (values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const value of values) found.push(value)
  return found
}
