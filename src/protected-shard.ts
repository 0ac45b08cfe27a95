import { createHash } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { WakuMessage } from './message.js'

/** Bytes of a compact secp256k1 signature, which fills the whole `meta` of a message on a protected shard. */
export const signatureBytes = 64

/** How far the timestamp of a signed message may be from the validator's clock, in nanoseconds: 5 minutes (nwaku). */
const maxClockDifferenceNs = 300_000_000_000n

// The timestamp is little-endian here and big-endian in the message hash.
function digest (pubsubTopic: string, message: WakuMessage): Buffer {
  const timestamp = Buffer.allocUnsafe(8)
  timestamp.writeBigInt64LE(message.timestamp)
  return createHash('sha256')
    .update(pubsubTopic)
    .update(message.payload)
    .update(message.contentTopic)
    .update(timestamp)
    .update(Buffer.of(message.ephemeral ? 1 : 0))
    .digest()
}

/** Signs a message for a protected shard: returns it with the signature as its `meta`. */
export function signMessage (pubsubTopic: string, message: WakuMessage, signingKey: string): WakuMessage {
  const meta = secp256k1.sign(digest(pubsubTopic, message), Buffer.from(signingKey, 'hex'), { prehash: false, lowS: true })
  return { ...message, meta }
}

/** Tells whether a message of this time may pass on a protected shard. */
export function isTimely (timestamp: bigint, nowNs: bigint): boolean {
  const difference = timestamp - nowNs
  return timestamp !== 0n && difference <= maxClockDifferenceNs && difference >= -maxClockDifferenceNs
}

/** Tells whether a message may pass on a shard protected by a public key: signed by its holder, and about now. */
export function isSignedMessage (pubsubTopic: string, message: WakuMessage, publicKey: string, nowNs: bigint): boolean {
  if (!isTimely(message.timestamp, nowNs)) return false
  if (message.meta.byteLength !== signatureBytes) return false
  try {
    return secp256k1.verify(message.meta, digest(pubsubTopic, message), Buffer.from(publicKey, 'hex'), { prehash: false })
  } catch {
    return false
  }
}
