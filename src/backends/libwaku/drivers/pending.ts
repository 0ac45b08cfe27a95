import { WakuError } from '../../../errors.js'
import type { Reply, WaitOptions } from './driver.js'

/** Node's timers take no longer delay. */
const maxDelayMs = 2 ** 31 - 1

/**
 * The requests that wait for an answer. Each ends once: by its answer, its deadline or its signal; what comes after
 * finds nothing. The bridge keeps its own record, so giving up here frees nothing there.
 */
export class Pending {
  readonly #waiting = new Map<number, (reply: Reply | WakuError) => void>()
  readonly #onChange: () => void

  /** @param onChange - called when one is added or ends. */
  constructor (onChange: () => void) {
    this.#onChange = onChange
  }

  get size (): number { return this.#waiting.size }

  /** Waits for the answer to a request. Rejects with `WAKU_TIMEOUT` or `WAKU_ABORTED`; throws the latter when the signal has fired already. */

  wait (id: number, operation: string, options: WaitOptions = {}): Promise<Reply> {
    const { timeoutMs = 0, signal } = options
    throwIfAborted(operation, signal)
    return new Promise((resolve, reject) => {
      const end = (outcome: Reply | WakuError): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        this.#waiting.delete(id)
        this.#onChange()
        if (outcome instanceof WakuError) reject(outcome)
        else resolve(outcome)
      }
      const onAbort = (): void => end(aborted(operation, signal))
      const timer = timeoutMs > 0
        ? setTimeout(() => end(new WakuError('WAKU_TIMEOUT', `${operation} took longer than ${timeoutMs} ms`, { operation, timeoutMs })), Math.min(timeoutMs, maxDelayMs))
        : undefined
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiting.set(id, end)
      this.#onChange()
    })
  }

  /** Ends a wait with its answer. */
  settle (id: number, reply: Reply): void {
    this.#waiting.get(id)?.(reply)
  }

  /** Ends all waits with an error. */
  rejectAll (makeError: () => WakuError): void {
    for (const end of [...this.#waiting.values()]) end(makeError())
  }
}

/** Throws `WAKU_ABORTED` if a signal has fired. */
export function throwIfAborted (operation: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw aborted(operation, signal)
}

function aborted (operation: string, signal: AbortSignal | undefined): WakuError<'WAKU_ABORTED'> {
  return new WakuError('WAKU_ABORTED', `${operation} was aborted`, { operation }, { cause: signal?.reason })
}
