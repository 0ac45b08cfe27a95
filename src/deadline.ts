import { invalidArgument, WakuError } from './errors.js'

/** What every waiting method takes. */
export interface WaitOptions {
  /** Gives the operation up: it rejects with `WAKU_ABORTED`. */
  readonly signal?: AbortSignal | undefined
  /** How long to wait in milliseconds; 0 waits for ever. The method tells its default. */
  readonly timeoutMs?: number | undefined
}

/** The longest delay that timers take. */
const maxTimeoutMs = 2 ** 31 - 1

/**
 * Runs an operation until it settles, its time is up, the caller's signal fires, or the owner ends, whichever is first.
 * The operation is given one signal for all of these, and its late result is dropped.
 *
 * @param owner - aborted with a {@link WakuError} when the node stops or closes; the operation then rejects with that error.
 * @throws {WakuError} `WAKU_TIMEOUT`, `WAKU_ABORTED`, `WAKU_INVALID_ARGUMENT`, and what the operation throws.
 */
export async function withDeadline<T> (
  operation: string,
  { signal, timeoutMs: givenTimeoutMs }: WaitOptions,
  defaultTimeoutMs: number,
  owner: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>
): Promise<T> {
  const timeoutMs = givenTimeoutMs ?? defaultTimeoutMs
  checkWaitOptions(signal, timeoutMs)
  if (owner.aborted) throw owner.reason
  if (signal?.aborted === true) throw aborted(operation, signal)

  const controller = new AbortController()
  return await new Promise<T>((resolve, reject) => {
    const giveUp = (error: Error): void => {
      reject(error)
      controller.abort(error)
    }
    const onAbort = (): void => giveUp(aborted(operation, signal))
    const onOwnerEnd = (): void => giveUp(owner.reason as Error)
    const timer = timeoutMs === 0
      ? undefined
      : setTimeout(() => giveUp(new WakuError('WAKU_TIMEOUT', `${operation} took longer than ${timeoutMs} ms`, { operation, timeoutMs })), timeoutMs)
    signal?.addEventListener('abort', onAbort)
    owner.addEventListener('abort', onOwnerEnd)
    const settle = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      owner.removeEventListener('abort', onOwnerEnd)
    }
    run(controller.signal).then(resolve, reject).finally(settle)
    controller.signal.addEventListener('abort', settle)
  })
}

function aborted (operation: string, signal: AbortSignal | undefined): WakuError {
  return new WakuError('WAKU_ABORTED', `${operation} was aborted`, { operation }, { cause: signal?.reason })
}

function checkWaitOptions (signal: unknown, timeoutMs: number): void {
  if (!Number.isFinite(timeoutMs) || timeoutMs < 0 || timeoutMs > maxTimeoutMs) {
    throw invalidArgument('options.timeoutMs', `must be from 0 to ${maxTimeoutMs}`)
  }
  if (signal !== undefined && !(typeof signal === 'object' && signal !== null && 'aborted' in signal && 'addEventListener' in signal)) {
    throw invalidArgument('options.signal', 'must be an AbortSignal')
  }
}
