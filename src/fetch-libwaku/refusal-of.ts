import type { WakuError } from '../errors.js'
import { fetchFailed, Transient, withoutCredentials } from './failure.js'

type Headers = Readonly<Record<string, string | undefined>>

/**
 * Makes the error for an answer that does not hold what was asked for.
 *
 * @param maxWaitMs - a server that asks for more patience than this, in milliseconds, has refused.
 * @returns undefined for an answer that does.
 */
export function refusalOf (status: number, headers: Headers, url: URL, maxWaitMs: number): WakuError | Transient | undefined {
  // 416: what was asked for begins after its end, which is for the asker to sort out.
  if (status === 200 || status === 206 || status === 416) return undefined
  const where = withoutCredentials(url)
  const afterMs = waitOf(headers)
  if (status === 429 || (status === 403 && (afterMs !== undefined || headers['x-ratelimit-remaining'] === '0'))) {
    return limited(where, url, afterMs, maxWaitMs)
  }
  if (status === 404 || status === 410) return fetchFailed('not-found', `${where} is not there (status ${status}).`, url)
  if (status === 408 || status >= 500) {
    const failure = fetchFailed('network', `${where} fails with status ${status}. Try again later.`, url)
    return afterMs === undefined || afterMs <= maxWaitMs ? new Transient(failure, afterMs) : failure
  }
  return fetchFailed('refused', `${where} refuses with status ${status}.`, url)
}

function limited (where: string, url: URL, afterMs: number | undefined, maxWaitMs: number): WakuError | Transient {
  const until = afterMs === undefined ? 'later' : `after ${new Date(Date.now() + afterMs).toISOString()}`
  const failure = fetchFailed('rate-limited', `${where} answers no more requests from this address for now. Try again ${until}, or download the file with a browser and give it with --from.`, url)
  return afterMs !== undefined && afterMs <= maxWaitMs ? new Transient(failure, afterMs) : failure
}

/** How long the server asks to be left alone, in milliseconds. */
function waitOf (headers: Headers): number | undefined {
  const after = headers['retry-after']
  if (after !== undefined) {
    const ms = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now()
    if (Number.isFinite(ms)) return Math.max(0, ms)
  }
  const reset = headers['x-ratelimit-reset']
  if (headers['x-ratelimit-remaining'] !== '0' || reset === undefined || !/^\d{1,12}$/.test(reset)) return undefined
  return Math.max(0, Number(reset) * 1000 - Date.now())
}
