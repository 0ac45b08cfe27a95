import type { MessageInput, ReceivedMessage, WakuNode } from 'nwaku-desktop'
import { until } from './until.js'

let numTopics = 0

/** Names a content topic that no other test uses. */
export function freshContentTopic (application = 'compliance'): string {
  return `/${application}/1/topic-${++numTopics}/proto`
}

/** Makes a message with a text as its payload. */
export function textMessage (contentTopic: string, text: string, rest: Partial<MessageInput> = {}): MessageInput {
  return { contentTopic, payload: new TextEncoder().encode(text), ...rest }
}

/** Reads the payload of a message as text. */
export function textOf (received: Pick<ReceivedMessage, 'message'>): string {
  return new TextDecoder().decode(received.message.payload)
}

/** Collects what a node delivers on a content topic, its own messages included. */
export function collectMessages (node: WakuNode, contentTopic: string): ReceivedMessage[] {
  const received: ReceivedMessage[] = []
  node.on('message', (each) => { if (each.message.contentTopic === contentTopic) received.push(each) })
  return received
}

/** The current time in nanoseconds. */
export function nowNs (): bigint {
  return BigInt(Date.now()) * 1_000_000n
}

/** Waits until so many messages are there. */
export async function untilReceived (received: readonly unknown[], count: number): Promise<void> {
  await until(() => {
    if (received.length < count) throw new Error(`${received.length} of ${count} messages came`)
  })
}

/** Takes so many messages from a subscription and leaves it open. */
export async function take (subscription: AsyncIterable<ReceivedMessage>, count: number): Promise<ReceivedMessage[]> {
  const iterator = subscription[Symbol.asyncIterator]()
  const taken: ReceivedMessage[] = []
  while (taken.length < count) {
    const next = await iterator.next()
    if (next.done === true) throw new Error(`the subscription ended after ${taken.length} of ${count} messages`)
    taken.push(next.value)
  }
  return taken
}
