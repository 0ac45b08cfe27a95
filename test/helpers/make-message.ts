import { messageHash } from '../../src/message.js'
import type { MessageHash, ReceivedMessage, WakuMessage } from '../../src/message.js'

/** Makes a message as it comes from a network. `hash` overrides the real one, for tests of order. */
export function makeMessage (
  { pubsubTopic = '/waku/2/rs/16/32', hash, ...fields }: Partial<WakuMessage> & { pubsubTopic?: string, hash?: MessageHash } = {}
): ReceivedMessage {
  const message: WakuMessage = {
    payload: Buffer.from('hello'),
    contentTopic: '/test/1/a/proto',
    version: 0,
    timestamp: 1_700_000_000_000_000_000n,
    ephemeral: false,
    meta: new Uint8Array(0),
    proof: new Uint8Array(0),
    ...fields
  }
  return { message, pubsubTopic, messageHash: hash ?? messageHash(pubsubTopic, message) }
}

/** A hash of which all bytes but the first and last are 0: `0x<first>00…00<last>`. */
export function fakeHash (first: number, last = 0): MessageHash {
  const hex = (byte: number): string => byte.toString(16).padStart(2, '0')
  return `0x${hex(first)}${'00'.repeat(30)}${hex(last)}`
}
