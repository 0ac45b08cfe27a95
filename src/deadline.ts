import { checkSignal, onAbort } from './abort-listener.js'
import { invalidArgument, WakuError } from './errors.js'
import { Slots } from './slots.js'

/** What every waiting method takes. */
export interface WaitOptions {
  /** Gives the operation up: it rejects with `WAKU_ABORTED`. */
  readonly signal?: AbortSignal | undefined
  /** How long to wait in milliseconds; 0 waits for ever. The method tells its default. */
  readonly timeoutMs?: number | undefined
}

/** The longest delay that timers take. */
const maxTimeoutMs = 2 ** 31 - 1

/** What operations depend on: the reason they reject with after its end, and the clock for all of their deadlines. */
export class Lifespan {
  #ended: Error | undefined
  readonly #deadlines = new Slots<OperationDeadline>()
  // One for all: a timer for each would be much of what every message costs.
  #timer: NodeJS.Timeout | undefined
  #timerAt = Infinity
  readonly #timedOut = (): void => this.#passDue()
  #idle: PromiseWithResolvers<void> | undefined

  /** Ends everything that runs, and whatever is begun later. */
  end (reason: Error): void {
    this.#ended = reason
    for (const deadline of this.#deadlines.takeAll()) deadline.pass(reason)
    this.#rest()
  }

  /** Resolves when nothing runs, at once if nothing does. For one waiter at a time. */
  async idle (): Promise<void> {
    if (this.#deadlines.size === 0) return
    this.#idle = Promise.withResolvers<void>()
    await this.#idle.promise
  }

  /** Passes a deadline when it is due, and at the end. @returns what {@link forget} takes. @throws the reason if that was before. @internal */
  limit (deadline: OperationDeadline): number {
    if (this.#ended !== undefined) throw this.#ended
    this.#wakeAt(deadline.dueAt)
    return this.#deadlines.add(deadline)
  }

  /** @internal */
  forget (key: number): void {
    if (this.#deadlines.take(key) !== undefined && this.#deadlines.size === 0) this.#rest()
  }

  #wakeAt (dueAt: number): void {
    if (dueAt >= this.#timerAt) return
    clearTimeout(this.#timer)
    this.#timerAt = dueAt
    this.#timer = setTimeout(this.#timedOut, Math.ceil(dueAt - performance.now()))
  }

  #passDue (): void {
    this.#timerAt = Infinity
    const now = performance.now()
    for (const deadline of this.#deadlines.list()) if (deadline.dueAt <= now) deadline.due(now)
    let next = Infinity
    for (const { dueAt } of this.#deadlines.list()) if (dueAt < next) next = dueAt
    this.#wakeAt(next)
  }

  /** Nothing runs any more. */
  #rest (): void {
    clearTimeout(this.#timer)
    this.#timerAt = Infinity
    this.#idle?.resolve()
  }
}

/** How long an operation may go on. */
export class Deadline {
  #controller: AbortController | undefined
  #reason: Error | undefined
  #progress: (() => number) | undefined
  #listener: ((reason: Error) => void) | undefined

  /**
   * Calls a function when the time is up, the caller gave up or the node ended, at once if that was before. One at a time, until
   * it is given up with undefined. Cheaper than the signal, for what every message does.
   */
  listen (listener: ((reason: Error) => void) | undefined): void {
    this.#listener = listener
    if (this.#reason !== undefined) listener?.(this.#reason)
  }

  /**
   * Says when last there was progress in the queue in which the operation waits for its turn. The default time of an operation
   * counts from there; a time that the caller gave is the whole of it.
   *
   * @param progress - returns milliseconds of `performance.now()`.
   */
  follow (progress: () => number): void {
    this.#progress = progress
  }

  /** When last there was progress, in milliseconds of `performance.now()`; -Infinity if there never was. @internal */
  get movedAt (): number { return this.#progress?.() ?? -Infinity }

  /** Fires when the time is up, the caller gave up or the node ended. Made when it is first asked for: most messages are published without. */
  get signal (): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** @internal */
  pass (reason: Error): void {
    this.#reason = reason
    this.#listener?.(reason)
    this.#controller?.abort(reason)
  }
}

/** The deadline of an operation that is under way, over which its lifespan watches. */
class OperationDeadline extends Deadline {
  /** When its time is up, in milliseconds of `performance.now()`. */
  dueAt: number
  readonly #operation: string
  readonly #timeoutMs: number
  readonly #isDefault: boolean
  readonly #lifespan: Lifespan
  readonly #key: number
  readonly #reject: (reason: Error) => void
  readonly #forgetSignal: (() => void) | undefined

  constructor (operation: string, { signal, timeoutMs }: WaitOptions, defaultTimeoutMs: number, lifespan: Lifespan, reject: (reason: Error) => void) {
    super()
    this.#operation = operation
    this.#timeoutMs = timeoutMs === undefined ? defaultTimeoutMs : timeoutMs
    this.#isDefault = timeoutMs === undefined
    this.#lifespan = lifespan
    this.#reject = reject
    this.dueAt = this.#timeoutMs > 0 ? performance.now() + this.#timeoutMs : Infinity
    this.#key = lifespan.limit(this)
    if (signal !== undefined) this.#forgetSignal = onAbort(signal, () => this.pass(aborted(operation, signal)))
  }

  /** The operation is over. */
  settle (): void {
    this.#forgetSignal?.()
    this.#lifespan.forget(this.#key)
  }

  /** Its time is up, unless that is the default, and counts from progress that was made since. */
  due (now: number): void {
    const [operation, timeoutMs] = [this.#operation, this.#timeoutMs]
    if (this.#isDefault && this.movedAt + timeoutMs > now) this.dueAt = this.movedAt + timeoutMs
    else this.pass(new WakuError('WAKU_TIMEOUT', `${operation} took longer than ${timeoutMs} ms`, { operation, timeoutMs }))
  }

  override pass (reason: Error): void {
    this.settle()
    this.#reject(reason)
    super.pass(reason)
  }
}

/**
 * Runs an operation until it settles, its time is up, the caller's signal fires, or its lifespan ends, whichever is first.
 * The operation is given one deadline for all of these, and its late result is dropped.
 *
 * @throws {WakuError} `WAKU_TIMEOUT`, `WAKU_ABORTED`, `WAKU_INVALID_ARGUMENT`, what the lifespan ended with, and what the operation throws.
 */
export function withDeadline<T> (
  operation: string,
  options: WaitOptions,
  defaultTimeoutMs: number,
  lifespan: Lifespan,
  run: (deadline: Deadline) => Promise<T>
): Promise<T> {
  // Not async, and nothing is awaited: each promise more costs every message.
  return new Promise<T>((resolve, reject) => {
    const { signal, timeoutMs = defaultTimeoutMs } = options
    checkWaitOptions(signal, timeoutMs)
    if (signal?.aborted === true) throw aborted(operation, signal)
    const deadline = new OperationDeadline(operation, options, defaultTimeoutMs, lifespan, reject)
    const failed = (error: unknown): void => {
      deadline.settle()
      reject(error) // eslint-disable-line @typescript-eslint/prefer-promise-reject-errors -- passed on as it is
    }
    try {
      run(deadline).then((value) => {
        deadline.settle()
        resolve(value)
      }, failed)
    } catch (error) {
      failed(error)
    }
  })
}

function aborted (operation: string, signal: AbortSignal | undefined): WakuError {
  return new WakuError('WAKU_ABORTED', `${operation} was aborted`, { operation }, { cause: signal?.reason })
}

function checkWaitOptions (signal: unknown, timeoutMs: number): void {
  if (!Number.isFinite(timeoutMs) || timeoutMs < 0 || timeoutMs > maxTimeoutMs) {
    throw invalidArgument('options.timeoutMs', `must be from 0 to ${maxTimeoutMs}`)
  }
  checkSignal('options.signal', signal)
}

/** Waits until all promises have settled, but no longer than this. */
export async function settledWithin (promises: Iterable<Promise<unknown>>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => { timer = setTimeout(resolve, ms) })
  await Promise.race([Promise.allSettled(promises), timeout])
  clearTimeout(timer)
}
