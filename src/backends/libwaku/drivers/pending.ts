import { WakuError } from '../../../errors.js'
import { Slots } from '../../../slots.js'
import type { Reply, WaitOptions } from './driver.js'

/** Who waits for an answer. */
interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  /** Makes the result of the answer, whose memory is used again. */
  readonly read: (reply: Reply) => unknown
  /** Gives its deadline and its signal up. */
  forget: (() => void) | undefined
}

/** Node's timers take no longer delay. */
const maxDelayMs = 2 ** 31 - 1

/**
 * The requests that wait for an answer. Each ends once: by its answer, its deadline or its signal; what comes after
 * finds nothing. The bridge keeps its own record, so giving up here frees nothing there.
 */
export class Pending {
  readonly #waiting = new Slots<Waiting>()
  readonly #onChange: () => void

  /** @param onChange - called when one is added or ends. */
  constructor (onChange: () => void) {
    this.#onChange = onChange
  }

  get size (): number { return this.#waiting.size }

  /**
   * Begins a request and waits for its answer. Rejects with `WAKU_TIMEOUT` or `WAKU_ABORTED`, the latter also when the signal has
   * fired already: then only the answer is given up.
   *
   * @param submit - is given the request's number.
   * @param read - makes what is waited for of the answer, while that has its memory.
   */
  begin<T> (submit: (request: number) => void, operation: string, { timeoutMs = 0, signal }: WaitOptions, read: (reply: Reply) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting = { resolve: resolve as (result: unknown) => void, reject, read, forget: undefined }
      const request = this.#waiting.add(waiting)
      this.#onChange()
      try {
        submit(request)
      } catch (error) {
        this.#end(request)
        throw error
      }
      waiting.forget = this.#limit(request, operation, timeoutMs, signal)
    })
  }

  /** Ends a wait with its answer, whose memory may be used again. */
  settle (request: number, reply: Reply): void {
    const waiting = this.#end(request)
    if (waiting === undefined) return
    try {
      waiting.resolve(waiting.read(reply))
    } catch (error) {
      waiting.reject(error)
    }
  }

  /** Ends all waits with an error. */
  rejectAll (makeError: () => WakuError): void {
    for (const { reject, forget } of this.#waiting.takeAll()) {
      forget?.()
      reject(makeError())
    }
    this.#onChange()
  }

  #end (request: number): Waiting | undefined {
    const waiting = this.#waiting.take(request)
    if (waiting === undefined) return undefined
    waiting.forget?.()
    this.#onChange()
    return waiting
  }

  /** Ends a wait when its time is up or its signal fires. Most have neither. @returns a function that gives that up. */
  #limit (id: number, operation: string, timeoutMs: number, signal: AbortSignal | undefined): (() => void) | undefined {
    if (timeoutMs <= 0 && signal === undefined) return undefined
    const onAbort = (): void => this.#end(id)?.reject(aborted(operation, signal))
    const timedOut = (): void => this.#end(id)?.reject(new WakuError('WAKU_TIMEOUT', `${operation} took longer than ${timeoutMs} ms`, { operation, timeoutMs }))
    // What keeps the process alive while an answer is awaited is the bridge.
    const timer = timeoutMs > 0 ? setTimeout(timedOut, Math.min(timeoutMs, maxDelayMs)).unref() : undefined
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted === true) onAbort()
    return () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  }
}

/** Throws `WAKU_ABORTED` if a signal has fired. */
export function throwIfAborted (operation: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw aborted(operation, signal)
}

function aborted (operation: string, signal: AbortSignal | undefined): WakuError<'WAKU_ABORTED'> {
  return new WakuError('WAKU_ABORTED', `${operation} was aborted`, { operation }, { cause: signal?.reason })
}
