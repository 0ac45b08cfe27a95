import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici'
import { reasonOf } from '../errors.js'
import { fetchFailed, Transient, withoutCredentials } from './failure.js'
import type { Limits } from './limits.js'
import { refusalOf } from './refusal-of.js'
import { watched } from './watched.js'

/** An answer whose status says that it holds what was asked for. */
export interface Answer {
  /** 200, 206 or 416. */
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The address that gave it, after all redirects. */
  readonly url: URL
  /** The body, watched for stalls; reading it throws as {@link HttpClient.get} does. */
  readonly body: AsyncIterable<Buffer>
  /** Gives the body up. */
  readonly discard: () => void
}

const redirects = new Set([301, 302, 303, 307, 308])

/** Asks servers, through the proxies that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`). */
export class HttpClient {
  readonly #dispatcher: EnvHttpProxyAgent
  readonly #limits: Limits
  readonly #signal: AbortSignal

  constructor (limits: Limits, signal: AbortSignal) {
    this.#limits = limits
    this.#signal = signal
    // Stalls of the body are watched over elsewhere: a drip is one too.
    this.#dispatcher = new EnvHttpProxyAgent({ connect: { timeout: limits.answerTimeoutMs }, headersTimeout: limits.answerTimeoutMs, bodyTimeout: 0 })
  }

  /** Drops every connection. */
  async close (): Promise<void> {
    await this.#dispatcher.destroy()
  }

  /**
   * Asks for an address, follows redirects, and returns the answer once its head is there.
   *
   * @throws {WakuError} `WAKU_FETCH_FAILED`.
   * @throws {Transient} what may pass.
   */
  async get (address: URL, headers: Record<string, string> = {}): Promise<Answer> {
    let url = address
    for (let left = this.#limits.numRedirects; ; left--) {
      const answer = await this.#ask(url, headers)
      if (!redirects.has(answer.statusCode)) return this.#accept(answer, url)
      drop(answer)
      if (left === 0) throw fetchFailed('too-many-redirects', `${withoutCredentials(address)} redirects more than ${this.#limits.numRedirects} times.`, address)
      url = nextAddress(url, answer.headers['location'])
    }
  }

  async #ask (url: URL, headers: Record<string, string>): Promise<Dispatcher.ResponseData> {
    try {
      return await request(url, {
        dispatcher: this.#dispatcher,
        signal: this.#signal,
        headers: { 'user-agent': 'nwaku-desktop', 'accept-encoding': 'identity', ...headers }
      })
    } catch (error) {
      this.#signal.throwIfAborted()
      throw unreachable(url, error)
    }
  }

  #accept (answer: Dispatcher.ResponseData, url: URL): Answer {
    const { statusCode: status, body } = answer
    const headers = singleValues(answer.headers)
    const refusal = refusalOf(status, headers, url, this.#limits.maxWaitMs)
    if (refusal !== undefined) {
      drop(answer)
      throw refusal
    }
    const convert = (error: unknown): Error => {
      this.#signal.throwIfAborted()
      return unreachable(url, error)
    }
    return { status, headers, url, body: watched(body, url, this.#limits, convert), discard: () => drop(answer) }
  }
}

/** Reads no further. undici reports that as an error of the body, which nobody listens to any more. */
function drop ({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => undefined).destroy()
}

function nextAddress (from: URL, location: string | string[] | undefined): URL {
  if (typeof location !== 'string' || !URL.canParse(location, from.href)) throw fetchFailed('unexpected-content', `${withoutCredentials(from)} redirects to nowhere.`, from)
  const to = new URL(location, from)
  if (!/^https?:$/.test(to.protocol) || (from.protocol === 'https:' && to.protocol === 'http:')) {
    throw fetchFailed('unexpected-content', `${withoutCredentials(from)} redirects to ${withoutCredentials(to)}, which is not safe to follow.`, from)
  }
  return to
}

function unreachable (url: URL, error: unknown): Transient {
  if (error instanceof Transient) return error
  // Of several addresses of a host each gives an error of its own.
  const reason = error instanceof AggregateError ? error.errors.map(reasonOf).join('; ') : reasonOf(error)
  return new Transient(fetchFailed('network', `${withoutCredentials(url)} cannot be reached: ${reason}. Check the connection; behind a proxy set HTTPS_PROXY.`, url, { cause: error }))
}

function singleValues (headers: Dispatcher.ResponseData['headers']): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]))
}
