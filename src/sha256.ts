import * as crypto from 'node:crypto'

/** Hashes bytes with SHA-256. In one call where the runtime can (Node 20.12), which halves the cost for small messages. */
export const sha256: (bytes: Uint8Array) => Buffer = 'hash' in crypto
  ? (bytes) => crypto.hash('sha256', bytes, 'buffer')
  : (bytes) => crypto.createHash('sha256').update(bytes).digest()

/** Does the same, and returns lowercase hex digits. */
export const sha256Hex: (bytes: Uint8Array) => string = 'hash' in crypto
  ? (bytes) => crypto.hash('sha256', bytes, 'hex')
  : (bytes) => crypto.createHash('sha256').update(bytes).digest('hex')
