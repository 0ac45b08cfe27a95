import { inspect } from 'node:util'

/**
 * Every failure that this package reports, with the data a caller needs to act on it.
 * Codes are stable between major versions; messages are not.
 */
export interface WakuErrorDetails {
  /** A topic, hash, size, key, address or option fails a check. `argument` names it, as in `options.store.url`. */
  WAKU_INVALID_ARGUMENT: { readonly argument: string, readonly reason: string }
  /** The operation needs a started node. */
  WAKU_NOT_STARTED: { readonly status: string }
  /** The node is closing or closed, for good. */
  WAKU_CLOSED: { readonly status: string }
  /** The backend lacks this capability; see `WakuNode.supports`. */
  WAKU_NOT_SUPPORTED: { readonly capability: string }
  /** No suitable peer to publish to or to query. `protocol` is a libp2p protocol id. */
  WAKU_NO_PEERS: { readonly protocol: string }
  /** A peer could not be dialled, went away, or refused the protocol. `peer` is a peer id or a multiaddr. */
  WAKU_PEER_UNREACHABLE: { readonly peer: string, readonly reason: string }
  /** The deadline of an operation passed. */
  WAKU_TIMEOUT: { readonly operation: string, readonly timeoutMs: number }
  /** The caller's `AbortSignal` fired; `cause` is its reason. */
  WAKU_ABORTED: { readonly operation: string }
  /** The node cannot listen on an address, for example because the port is in use. */
  WAKU_LISTEN_FAILED: { readonly addresses: readonly string[], readonly reason: string }
  /** More work was handed over than the queue named by `queue` holds. */
  WAKU_QUEUE_FULL: { readonly queue: string, readonly limit: number }
  /** A store node answered with a failure. Codes as in store v3 (LIP 13): 300, 400, 429, 503, 504. */
  WAKU_STORE_FAILED: { readonly statusCode: number, readonly statusDesc: string }
  /** The message archive cannot be used; what it holds is left as it is. `url` carries no password. */
  WAKU_ARCHIVE_FAILED: { readonly reason: ArchiveFailure, readonly url: string }
  /** The native library returned an error. */
  WAKU_LIBRARY_ERROR: { readonly operation: string, readonly libraryMessage: string }
  /** The library or a peer sent something that cannot be decoded. */
  WAKU_MALFORMED_REPLY: { readonly operation: string }
  /** The process of the backend ended before it answered; see `isolation`. The node goes on with a new one. `code` is the exit code. */
  WAKU_BACKEND_LOST: { readonly operation: string, readonly reason: BackendExitReason, readonly pid: number, readonly code: number | null, readonly signal: string | null }
  /** No backend could be loaded. One entry for each attempt. */
  WAKU_UNAVAILABLE: { readonly attempts: ReadonlyArray<{ readonly path: string, readonly reason: string }> }
  /** The native library could not be fetched. `source` is the address or file at which it failed. */
  WAKU_FETCH_FAILED: { readonly reason: FetchFailure, readonly source: string }
}

/** Why an archive cannot be used. */
export type ArchiveFailure =
  | 'corrupt' | 'locked' | 'full' | 'newer-schema' | 'not-writable' | 'connection-lost' | 'closed' | 'other'

/**
 * How the process of a backend ended: by a signal, as in a segmentation fault; by ending itself; or ended by the node, because
 * it did not answer, or because it took more memory than `process.maxMemoryBytes`.
 */
export type BackendExitReason = 'crash' | 'exit' | 'hang' | 'memory'

/** Why the native library could not be fetched. */
export type FetchFailure =
  | 'not-found' | 'rate-limited' | 'refused' | 'network' | 'stalled' | 'too-many-redirects' | 'unexpected-content'
  | 'no-asset' | 'no-digest' | 'wrong-digest' | 'wrong-length' | 'too-large'
  | 'corrupt-archive' | 'no-library' | 'wrong-platform' | 'unknown-library' | 'no-space' | 'not-writable'

/** One of the stable error codes, each starting with `WAKU_`. */
export type WakuErrorCode = keyof WakuErrorDetails

/** The plain form in which an error crosses a process boundary; {@link wakuErrorFromJson} rebuilds it. */
export interface WakuErrorJson<C extends WakuErrorCode = WakuErrorCode> {
  readonly code: C
  readonly message: string
  readonly details: WakuErrorDetails[C]
}

// Registered, so that errors of a second copy of this package are recognised too.
const brand = Symbol.for('nwaku-desktop.WakuError')

/**
 * The error class of this package. Match on `code`, or narrow with {@link isWakuError}.
 *
 * @example
 * ```ts
 * try {
 *   await node.publish({ contentTopic, payload })
 * } catch (error) {
 *   if (isWakuError(error, 'WAKU_NO_PEERS')) console.log(`nobody speaks ${error.details.protocol}`)
 *   else throw error
 * }
 * ```
 */
export class WakuError<C extends WakuErrorCode = WakuErrorCode> extends Error {
  readonly code: C
  readonly details: WakuErrorDetails[C]

  constructor (code: C, message: string, details: WakuErrorDetails[C], options?: ErrorOptions) {
    super(message, options)
    // The web platform's name for a cancelled operation, which generic callers look for.
    this.name = code === 'WAKU_ABORTED' ? 'AbortError' : 'WakuError'
    this.code = code
    this.details = details
    Object.defineProperty(this, brand, { value: true })
  }

  /** Returns the plain form of this error. It holds no cause and no stack. */
  toJSON (): WakuErrorJson<C> {
    return { code: this.code, message: this.message, details: this.details }
  }
}

/** Tells whether a value is a {@link WakuError}, and, given a code, one with that code. */
export function isWakuError<C extends WakuErrorCode = WakuErrorCode> (error: unknown, code?: C): error is WakuError<C> {
  if (typeof error !== 'object' || error === null || !(brand in error)) return false
  return code === undefined || (error as { code?: unknown }).code === code
}

/** Rebuilds an error from its plain form, as it came out of {@link WakuError.toJSON}. */
export function wakuErrorFromJson<C extends WakuErrorCode> (json: WakuErrorJson<C>): WakuError<C> {
  return new WakuError(json.code, json.message, json.details)
}

/** Makes the error for an argument that fails a check. @internal */
export function invalidArgument (argument: string, reason: string, options?: ErrorOptions): WakuError<'WAKU_INVALID_ARGUMENT'> {
  return new WakuError('WAKU_INVALID_ARGUMENT', `${argument}: ${reason}`, { argument, reason }, options)
}

/** Reads the text of anything that was thrown. @internal */
export function reasonOf (error: unknown): string {
  if (error instanceof Error) return error.message
  return typeof error === 'string' ? error : inspect(error, { depth: 0, customInspect: false })
}
