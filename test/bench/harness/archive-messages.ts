import { randomFillSync } from 'node:crypto'
import { hashToHex } from '../../../src/message.js'
import type { ReceivedMessage } from '../../../src/message.js'

export const pubsubTopic = '/waku/2/rs/16/32'
export const contentTopics = Array.from({ length: 10 }, (_, index) => `/bench/1/topic-${index}/proto`)
export const payloadBytes = 1024
/** 1 000 messages an hour, 100 on each content topic: 10 000 messages are ten hours. */
export const intervalNs = 3_600_000_000n
const firstTimestamp = 1_700_000_000_000_000_000n

/** When the message of this index was sent. The rate is the same at any size: a larger archive is a longer history. */
export function timestampOf (index: number): bigint {
  return firstTimestamp + BigInt(index) * intervalNs
}

/** Makes messages of 1 KiB; hashes and payloads are random bytes, which is what they look like to an archive. */
export function makeMessages (start: number, count: number): ReceivedMessage[] {
  const random = randomFillSync(Buffer.allocUnsafeSlow(count * (32 + payloadBytes)))
  const part = (offset: number, length: number): Buffer => random.subarray(offset, offset + length)
  return Array.from({ length: count }, (_, i) => ({
    messageHash: hashToHex(part(i * 32, 32)),
    pubsubTopic,
    message: {
      payload: part(count * 32 + i * payloadBytes, payloadBytes),
      contentTopic: contentTopics[(start + i) % contentTopics.length] ?? '',
      version: 0,
      timestamp: timestampOf(start + i),
      ephemeral: false,
      meta: new Uint8Array(0),
      proof: new Uint8Array(0)
    }
  }))
}
