import { InvalidDataLengthLengthError, lpStream } from '@libp2p/utils'
import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { decode as decodeVarint, encodingLength } from 'uint8-varint'
import type { Uint8ArrayList } from 'uint8arraylist'
import { reasonOf, WakuError } from '../../errors.js'

/** Every request/response protocol of Waku: one request and one response a stream, each with its length as a varint before it. */

/** How long a served request may take to arrive and its answer to leave, in milliseconds. */
const serviceTimeoutMs = 10_000

/** How long a peer may leave its side of an answered stream open, in milliseconds. */
const lingerMs = 3000

/** Names of libp2p's errors for messages that are longer than they may be, or than they said. */
const tooLong: ReadonlySet<string> = new Set(['InvalidDataLengthError', 'InvalidDataLengthLengthError', 'InvalidMessageLengthError', 'StreamBufferError'])

/** Makes what libp2p dials out of a peer id or a multiaddr. */
export function dialTarget (peer: string): PeerId | Multiaddr {
  return peer.startsWith('/') ? multiaddr(peer) : peerIdFromString(peer)
}

/**
 * Sends one request and reads its response.
 *
 * @param peer - a peer id or a multiaddr; dialled if need be.
 * @throws {WakuError} `WAKU_PEER_UNREACHABLE`; `WAKU_MALFORMED_REPLY` for a response that is too long.
 */
export async function request (libp2p: Libp2p, peer: string, protocol: string, bytes: Uint8Array, maxResponseBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  try {
    const connection = await libp2p.dial(dialTarget(peer), { signal })
    return await requestOn(connection, protocol, bytes, maxResponseBytes, signal)
  } catch (error) {
    if (error instanceof Error && tooLong.has(error.name)) {
      throw new WakuError('WAKU_MALFORMED_REPLY', `${peer} answered too much over ${protocol}: ${error.message}`, { operation: `read the answer over ${protocol}` }, { cause: error })
    }
    throw new WakuError('WAKU_PEER_UNREACHABLE', `cannot ask ${peer} over ${protocol}: ${reasonOf(error)}`, { peer, reason: reasonOf(error) }, { cause: error })
  }
}

/** Sends one request on an open connection and reads its response. Rejects with what libp2p throws. */
export async function requestOn (connection: Connection, protocol: string, bytes: Uint8Array, maxResponseBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const stream = await connection.newStream(protocol, { signal, runOnLimitedConnection: true })
  try {
    const framed = frame(stream, maxResponseBytes)
    await framed.write(bytes, { signal })
    const response = await framed.read({ signal })
    // Half-closing before the answer would make nwaku drop the stream. Nobody waits for it after: the peer may take its time.
    stream.close({ signal: AbortSignal.timeout(lingerMs) }).catch((error: unknown) => stream.abort(asError(error)))
    return response.subarray()
  } catch (error) {
    stream.abort(asError(error))
    throw error
  }
}

/**
 * Serves one request on an incoming stream. Whatever goes wrong, a hostile length included, ends the stream and nothing else.
 *
 * @param answer - returns the response, or undefined to reset the stream without one.
 */
export async function serve (stream: Stream, maxRequestBytes: number, answer: (request: Uint8Array) => Promise<Uint8Array | undefined>): Promise<void> {
  const signal = AbortSignal.timeout(serviceTimeoutMs)
  try {
    const framed = frame(stream, maxRequestBytes)
    const response = await answer((await framed.read({ signal })).subarray())
    if (response === undefined) throw new Error('refused')
    await framed.write(response, { signal })
    await stream.close({ signal })
    resetAfter(stream, lingerMs)
  } catch (error) {
    stream.abort(asError(error))
  }
}

// Streams that the peer never closes would count against what it may open, until it could open none.
function resetAfter (stream: Stream, ms: number): void {
  const timer = setTimeout(() => stream.abort(new Error('left open')), ms).unref()
  stream.addEventListener('close', () => clearTimeout(timer))
}

function frame (stream: Stream, maxDataLength: number): ReturnType<typeof lpStream> {
  // One byte over the longest prefix and message: what comes after them is none of the protocol.
  const maxBufferSize = maxDataLength + 16
  stream.maxReadBufferLength = maxBufferSize
  const maxLengthLength = encodingLength(maxDataLength)
  return lpStream(stream, {
    maxDataLength,
    maxBufferSize,
    // lpStream looks at the bound only once a length has ended; one that never ends keeps it busy, byte by byte.
    lengthDecoder: (bytes: Uint8ArrayList) => {
      if (bytes.byteLength > maxLengthLength) throw new InvalidDataLengthLengthError(`a length of more than ${maxLengthLength} bytes`)
      return decodeVarint(bytes.subarray())
    }
  })
}

const asError = (error: unknown): Error => error instanceof Error ? error : new Error(String(error))
