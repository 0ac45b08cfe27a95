import { copyOfBytes, noBytes, type ReceivedMessage, type WakuMessage } from '../../message.js'

/**
 * A message as it crosses: without the names of its fields, and without what is empty, each of which costs more than its bytes.
 * Payload, content topic, version, timestamp, whether it is ephemeral, meta, proof.
 */
export type CrossingMessage = readonly [Uint8Array, string, number, bigint, boolean, (Uint8Array | undefined)?, (Uint8Array | undefined)?]

/** Takes a message apart; its bytes are not copied. */
export function toCrossing ({ payload, contentTopic, version, timestamp, ephemeral, meta, proof }: WakuMessage): CrossingMessage {
  const [numMeta, numProof] = [meta.byteLength, proof.byteLength]
  if (numMeta === 0 && numProof === 0) return [payload, contentTopic, version, timestamp, ephemeral]
  return [payload, contentTopic, version, timestamp, ephemeral, numMeta === 0 ? undefined : meta, numProof === 0 ? undefined : proof]
}

/** Puts a message together again; its bytes are not copied. */
export function fromCrossing ([payload, contentTopic, version, timestamp, ephemeral, meta = noBytes, proof = noBytes]: CrossingMessage): WakuMessage {
  return { payload, contentTopic, version, timestamp, ephemeral, meta, proof }
}

/** What a message costs besides its bytes, about. */
const messageOverheadBytes = 300

/** What a message counts for in bytes; both ends reckon so. */
export function sizeOfCrossing ([payload, , , , , meta = noBytes, proof = noBytes]: CrossingMessage): number {
  return payload.byteLength + meta.byteLength + proof.byteLength + messageOverheadBytes
}

/**
 * Gives a message that came in a batch memory of its own, where its bytes are only a small part of the batch's: an application
 * that keeps one message must not keep all those that came with it. The bytes of a large message are left where they are.
 */
export function withOwnBytes (received: ReceivedMessage): ReceivedMessage {
  const { message, pubsubTopic, messageHash } = received
  return {
    message: { ...message, payload: owned(message.payload), meta: owned(message.meta), proof: owned(message.proof) },
    pubsubTopic,
    messageHash
  }
}

function owned (bytes: Uint8Array): Uint8Array {
  return bytes.byteLength * 2 < bytes.buffer.byteLength ? copyOfBytes(bytes) : bytes
}
