import { hashFromHex, hashToHex } from '../message.js'
import type { ReceivedMessage } from '../message.js'

/**
 * Messages in the form in which they cross between threads: one buffer that changes hands, instead of objects that are
 * cloned one by one (and with each small `Buffer` the whole pool that it lies in).
 */
export interface PackedMessages {
  /** The topics of all messages, each once. */
  readonly topics: readonly string[]
  /** For each message a head of {@link headBytes}, then payload and meta. Numbers are little-endian. */
  readonly bytes: ArrayBuffer
}

// Hash, timestamp, version, index of pubsub topic, index of content topic, length of payload, length of meta.
const headBytes = 32 + 8 + 5 * 4

/** Copies messages into one buffer. `ephemeral` and `proof` are left out, as archives keep neither. */
export function packMessages (messages: readonly ReceivedMessage[]): PackedMessages {
  const indexes = new Map<string, number>()
  const indexOf = (topic: string): number => {
    const index = indexes.get(topic) ?? indexes.size
    indexes.set(topic, index)
    return index
  }
  const buffer = new ArrayBuffer(messages.reduce((sum, message) => sum + packedSizeOf(message), 0))
  const bytes = Buffer.from(buffer)
  let offset = 0
  for (const { message, messageHash, pubsubTopic } of messages) {
    bytes.set(hashFromHex(messageHash), offset)
    offset = bytes.writeBigInt64LE(message.timestamp, offset + 32)
    offset = bytes.writeUInt32LE(message.version, offset)
    offset = bytes.writeUInt32LE(indexOf(pubsubTopic), offset)
    offset = bytes.writeUInt32LE(indexOf(message.contentTopic), offset)
    offset = bytes.writeUInt32LE(message.payload.length, offset)
    offset = bytes.writeUInt32LE(message.meta.length, offset)
    bytes.set(message.payload, offset)
    bytes.set(message.meta, offset + message.payload.length)
    offset += message.payload.length + message.meta.length
  }
  return { topics: [...indexes.keys()], bytes: buffer }
}

/** The bytes that a message takes when packed, its topics aside. */
export function packedSizeOf ({ message }: ReceivedMessage): number {
  return headBytes + message.payload.length + message.meta.length
}

/**
 * Reads messages back.
 *
 * @param options.copy - true gives every payload and meta memory of its own, so that one message that is kept does not
 *   keep the others; false makes them views of the buffer.
 */
export function unpackMessages ({ topics, bytes: buffer }: PackedMessages, { copy }: { readonly copy: boolean }): ReceivedMessage[] {
  const bytes = Buffer.from(buffer)
  const part = (start: number, length: number): Uint8Array => {
    return copy ? new Uint8Array(buffer.slice(start, start + length)) : new Uint8Array(buffer, start, length)
  }
  const messages: ReceivedMessage[] = []
  let offset = 0
  while (offset < bytes.length) {
    const numPayloadBytes = bytes.readUInt32LE(offset + 52)
    const numMetaBytes = bytes.readUInt32LE(offset + 56)
    const start = offset + headBytes
    messages.push({
      messageHash: hashToHex(bytes.subarray(offset, offset + 32)),
      pubsubTopic: topics[bytes.readUInt32LE(offset + 44)] ?? '',
      message: {
        payload: part(start, numPayloadBytes),
        contentTopic: topics[bytes.readUInt32LE(offset + 48)] ?? '',
        version: bytes.readUInt32LE(offset + 40),
        timestamp: bytes.readBigInt64LE(offset + 32),
        ephemeral: false,
        meta: part(start + numPayloadBytes, numMetaBytes),
        proof: new Uint8Array(0)
      }
    })
    offset = start + numPayloadBytes + numMetaBytes
  }
  return messages
}
