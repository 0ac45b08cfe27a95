import { WakuError, type FetchFailure } from '../errors.js'

/**
 * Makes the error for a fetch that failed.
 *
 * @param message - what happened and what to do about it.
 * @param source - the address or file at which it failed; credentials in an address are left out.
 */
export function fetchFailed (reason: FetchFailure, message: string, source: string | URL, options?: ErrorOptions): WakuError<'WAKU_FETCH_FAILED'> {
  return new WakuError('WAKU_FETCH_FAILED', message, { reason, source: withoutCredentials(source) }, options)
}

/** Returns an address as it may be shown: without a password, and without a query, which holds the keys of signed addresses. */
export function withoutCredentials (source: string | URL): string {
  if (typeof source === 'string' && !URL.canParse(source)) return source
  const url = new URL(source)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return String(source)
  url.username = url.password = url.search = url.hash = ''
  return url.href
}

/** A failure that may pass; what goes through {@link fetchFailed} unwrapped is final. */
export class Transient extends Error {
  readonly failure: WakuError<'WAKU_FETCH_FAILED'>
  /** How long the server asks to be left alone, in milliseconds. */
  readonly afterMs: number

  constructor (failure: WakuError<'WAKU_FETCH_FAILED'>, afterMs = 0) {
    super(failure.message, { cause: failure })
    this.failure = failure
    this.afterMs = afterMs
  }
}
