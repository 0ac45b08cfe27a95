import { inspect } from 'node:util'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { closest, distance } from 'fastest-levenshtein'
import { invalidArgument, reasonOf } from './errors.js'
import { isMessageHash, type MessageHash } from './message.js'

/** Checks of single values, each throwing `WAKU_INVALID_ARGUMENT` under the argument's name. */

/** Checks a peer id in base58 (or base36 CID) text form and returns it in base58. */
export function checkPeerId (argument: string, value: unknown): string {
  try {
    return peerIdFromString(value as string).toString()
  } catch (error) {
    throw invalidArgument(argument, `${shown(value)} is not a peer id`, { cause: error })
  }
}

/** Checks a multiaddr. */
export function checkMultiaddr (argument: string, value: unknown): string {
  try {
    if (typeof value !== 'string' || value === '') throw new TypeError('not a text')
    const address = multiaddr(value)
    // Only encoding it looks at every part of it.
    if (address.bytes.byteLength === 0) throw new TypeError('it has no parts')
    return address.toString()
  } catch (error) {
    throw invalidArgument(argument, `${shown(value)} is not a multiaddr (${reasonOf(error)})`, { cause: error })
  }
}

/** Checks a multiaddr that ends in a peer id, and returns it with the peer id in base58. */
export function checkPeerAddress (argument: string, value: unknown): string {
  const address = checkMultiaddr(argument, value)
  const { name, value: peerId = '' } = multiaddr(address).getComponents().at(-1) ?? {}
  if (name !== 'p2p') throw invalidArgument(argument, `'${address}' must end in /p2p/<peer id>`)
  return `${address.slice(0, -peerId.length)}${checkPeerId(argument, peerId)}`
}

/** Checks a peer id, or a multiaddr that ends in one, and returns it with the peer id in base58. */
export function checkPeer (argument: string, value: unknown): string {
  return typeof value === 'string' && value.startsWith('/') ? checkPeerAddress(argument, value) : checkPeerId(argument, value)
}

/** Returns the peer id that a checked peer id or address ends in. */
export function peerIdOf (peer: string): string {
  return peer.slice(peer.lastIndexOf('/') + 1)
}

/** Checks each value of an array. */
export function checkEach<T> (argument: string, values: readonly T[], check: (argument: string, value: T) => unknown): readonly T[] {
  if (!isArray(values)) throw invalidArgument(argument, 'must be an array')
  values.forEach((value, index) => check(`${argument}[${index}]`, value))
  return values
}

// Array.isArray would turn a readonly array into one of any.
const isArray = (value: unknown): boolean => Array.isArray(value)

/** Checks one message hash. */
export function checkMessageHash (argument: string, value: unknown): MessageHash {
  if (!isMessageHash(value)) throw invalidArgument(argument, `${shown(value)} must be 0x and 64 lowercase hex digits`)
  return value
}

/** Tells whether a text is a secp256k1 private key as 64 hex digits. */
export function isSecretKey (value: string): boolean {
  return /^[0-9a-fA-F]{64}$/.test(value) && secp256k1.utils.isValidSecretKey(Buffer.from(value, 'hex'))
}

/** Tells whether a text is a secp256k1 public key in hex. */
export function isPublicKey (value: string): boolean {
  return /^([0-9a-fA-F]{66}|[0-9a-fA-F]{130})$/.test(value) && secp256k1.utils.isValidPublicKey(Buffer.from(value, 'hex'))
}

/** Tells whether a checked private and a checked public key belong together. */
export function isKeyPair (secretKey: string, publicKey: string): boolean {
  const derived = secp256k1.Point.fromBytes(secp256k1.getPublicKey(Buffer.from(secretKey, 'hex')))
  return derived.equals(secp256k1.Point.fromHex(publicKey.toLowerCase()))
}

/**
 * Checks that an options object is one and has no unknown key.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT` naming the unknown key and the nearest known one.
 */
export function checkKeys (argument: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidArgument(argument, 'must be an object')
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) throw unknownKey(argument, key, known)
  }
}

/** Makes the error for an unknown key. */
export function unknownKey (argument: string, key: string, known: readonly string[]): Error {
  const nearest = closest(key, known)
  const near = distance(key.toLowerCase(), nearest.toLowerCase()) <= Math.max(3, key.length / 2)
  return invalidArgument(`${argument}.${key}`, near ? `unknown; did you mean '${nearest}'?` : `unknown; known are ${known.join(', ')}`)
}

/** Not every value can be made a text of. */
function shown (value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : inspect(value, { depth: 0, customInspect: false })
}
