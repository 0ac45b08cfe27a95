import type { Deadline } from '../../deadline.js'
import type { CallOptions, RunningCall } from './call-options.js'
import type { Outcome } from './link.js'
import type { CallName } from './protocol.js'

/** A call that is under way, and who waits for it. */
export class PendingCall implements RunningCall {
  readonly name: CallName
  readonly #options: CallOptions
  readonly #resolve: (output: unknown) => void
  readonly #reject: (error: Error) => void
  #deadline: Pick<Deadline, 'pass'> | undefined
  #end: ((reason: Error) => void) | undefined

  constructor (name: CallName, options: CallOptions, resolve: (output: unknown) => void, reject: (error: Error) => void) {
    this.name = name
    this.#options = options
    this.#resolve = resolve
    this.#reject = reject
  }

  /** It is with the backend. @param deadline - gives it up there. @param end - ends it here. */
  begun (deadline: Pick<Deadline, 'pass'>, end: (reason: Error) => void): void {
    const { signal, caller } = this.#options
    this.#deadline = deadline
    this.#end = end
    signal?.addEventListener('abort', this)
    if (caller !== undefined) caller.running = this
  }

  giveUp (reason: Error): void {
    this.#deadline?.pass(reason)
    if (this.#options.untilSettled !== true) this.#end?.(reason)
  }

  /** The signal has fired. */
  handleEvent (): void {
    this.giveUp(this.#options.signal?.reason as Error)
  }

  settle (outcome: Outcome): void {
    const { signal, caller } = this.#options
    signal?.removeEventListener('abort', this)
    if (caller !== undefined) caller.running = undefined
    if ('error' in outcome) this.#reject(outcome.error)
    else this.#resolve(outcome.output)
  }
}
