import { WakuError } from '../../../errors.js'
import { Slots } from '../../../slots.js'
import type { AnswerListener, Reply, WaitOptions } from './driver.js'

/** Whose request it is: hears the answer first. */
export interface RequestOwner {
  /** @throws {WakuError} for an answer that is a refusal. */
  heard (operation: string, reply: Reply): void
}

/** A request that waits for its answer. */
interface Waiting {
  readonly operation: string
  readonly listener: AnswerListener
  readonly owner: RequestOwner | undefined
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

  /** Adds a request. @returns its number. */
  add (operation: string, listener: AnswerListener, owner: RequestOwner | undefined): number {
    const request = this.#waiting.add({ operation, listener, owner, forget: undefined })
    this.#onChange()
    return request
  }

  /**
   * Ends a wait with `WAKU_TIMEOUT` when its time is up, or with `WAKU_ABORTED` when its signal fires, also when that has fired already:
   * then only the answer is given up. Most have neither.
   */
  limit (request: number, { timeoutMs = 0, signal }: WaitOptions): void {
    if (timeoutMs <= 0 && signal === undefined) return
    const waiting = this.#waiting.get(request)
    if (waiting === undefined) return
    const { operation } = waiting
    const onAbort = (): void => this.fail(request, aborted(operation, signal))
    const timedOut = (): void => this.fail(request, new WakuError('WAKU_TIMEOUT', `${operation} took longer than ${timeoutMs} ms`, { operation, timeoutMs }))
    // What keeps the process alive while an answer is awaited is the bridge.
    const timer = timeoutMs > 0 ? setTimeout(timedOut, Math.min(timeoutMs, maxDelayMs)).unref() : undefined
    waiting.forget = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted === true) onAbort()
  }

  /** Ends a wait with its answer, whose memory may be used again. */
  settle (request: number, reply: Reply): void {
    const waiting = this.#end(request)
    if (waiting === undefined) return
    const { operation, listener, owner } = waiting
    try {
      owner?.heard(operation, reply)
      listener.answered(reply)
    } catch (error) {
      listener.failed(error)
    }
  }

  /** Ends a wait of which nobody is to hear. */
  forget (request: number): void {
    this.#end(request)
  }

  /** Ends a wait with an error. */
  fail (request: number, error: unknown): void {
    this.#end(request)?.listener.failed(error)
  }

  /** Ends all waits with an error. */
  failAll (makeError: () => WakuError): void {
    for (const { listener, forget } of this.#waiting.takeAll()) {
      forget?.()
      listener.failed(makeError())
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
}

/** Throws `WAKU_ABORTED` if a signal has fired. */
export function throwIfAborted (operation: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw aborted(operation, signal)
}

function aborted (operation: string, signal: AbortSignal | undefined): WakuError<'WAKU_ABORTED'> {
  return new WakuError('WAKU_ABORTED', `${operation} was aborted`, { operation }, { cause: signal?.reason })
}
