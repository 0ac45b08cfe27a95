import type { ReceivedMessage } from '../../message.js'

const none = new Uint8Array()

/**
 * Gives a message that came in a batch memory of its own, where its bytes are only a small part of the batch's: an application
 * that keeps one message must not keep all those that came with it. The bytes of a large message are left where they are.
 */
export function withOwnBytes ({ message, pubsubTopic, messageHash }: ReceivedMessage): ReceivedMessage {
  return {
    message: { ...message, payload: owned(message.payload), meta: owned(message.meta), proof: owned(message.proof) },
    pubsubTopic,
    messageHash
  }
}

function owned (bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength === 0) return none
  return bytes.byteLength * 2 < bytes.buffer.byteLength ? new Uint8Array(bytes) : bytes
}
