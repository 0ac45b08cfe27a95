import type { Readable } from 'node:stream'
import { fetchFailed, Transient, withoutCredentials } from './failure.js'
import type { Limits } from './limits.js'

/**
 * Passes a body on, and ends it when it stalls: one byte now and then is a stall too.
 *
 * @param convert - makes the error for what goes wrong on the way.
 */
export async function * watched (body: Readable, url: URL, { stallTimeoutMs, minBytes }: Limits, convert: (error: unknown) => Error): AsyncGenerator<Buffer> {
  let received = 0
  const timer = setInterval(() => {
    if (received < minBytes) body.destroy(stalled(url, stallTimeoutMs))
    received = 0
  }, stallTimeoutMs)
  try {
    for await (const chunk of body) {
      received += (chunk as Buffer).length
      yield chunk as Buffer
    }
  } catch (error) {
    throw convert(error)
  } finally {
    clearInterval(timer)
    body.on('error', () => undefined).destroy()
  }
}

function stalled (url: URL, stallTimeoutMs: number): Transient {
  return new Transient(fetchFailed('stalled', `${withoutCredentials(url)} sends nothing, or next to nothing, for ${stallTimeoutMs / 1000} s.`, url))
}
