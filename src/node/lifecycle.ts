import { Lifespan } from '../deadline.js'
import { WakuError } from '../errors.js'
import type { NodeStatus } from '../events.js'

/** The work behind each transition. */
export interface LifecycleHooks {
  /** Undone by itself when it fails. */
  start (signal: AbortSignal): Promise<void>
  stop (): Promise<void>
  close (): Promise<void>
  /** Told of each change; must not throw. */
  changed (status: NodeStatus, previous: NodeStatus): void
}

/**
 * The status of a node and the only way to change it. Transitions run one after another in the order they were asked for;
 * asking for the state that already is, or for `close` again, does nothing.
 */
export class Lifecycle {
  readonly #hooks: LifecycleHooks
  #status: NodeStatus = 'created'
  #last: Promise<unknown> = Promise.resolve()
  #closed: Promise<void> | undefined
  #running = new Lifespan()
  #publishing = new Lifespan()

  constructor (hooks: LifecycleHooks) {
    this.#hooks = hooks
    this.endRunning()
  }

  get status (): NodeStatus {
    return this.#status
  }

  /** Ends, with the error to reject with, when the node is no longer started. */
  get running (): Lifespan {
    return this.#running
  }

  /** Ends with it. Of what is being published, for which a stop waits. */
  get publishing (): Lifespan {
    return this.#publishing
  }

  /** @throws {WakuError} `WAKU_NOT_STARTED` or `WAKU_CLOSED` unless the node is started. */
  requireStarted (): void {
    if (this.#status !== 'started' || this.#closed !== undefined) throw this.#refusal()
  }

  /** @throws {WakuError} `WAKU_CLOSED` when the node is closing or closed. */
  requireOpen (): void {
    if (this.#closed !== undefined) throw this.#refusal()
  }

  /** Starts unless the signal has fired before it is this call's turn. */
  async start (signal: AbortSignal): Promise<void> {
    await this.#next(async () => {
      this.requireOpen()
      if (this.#status === 'started') return
      signal.throwIfAborted()
      const before = this.#status
      this.#change('starting')
      try {
        await this.#hooks.start(signal)
      } catch (error) {
        this.#change(before)
        throw error
      }
      this.#running = new Lifespan()
      this.#publishing = new Lifespan()
      this.#change('started')
    })
  }

  async stop (): Promise<void> {
    await this.#next(async () => {
      if (this.#status === 'started') await this.#stop()
    })
  }

  async close (): Promise<void> {
    this.#closed ??= this.#next(async () => {
      try {
        if (this.#status === 'started') await this.#stop()
      } finally {
        this.#change('closing')
        try {
          await this.#hooks.close()
        } finally {
          this.#change('closed')
        }
      }
    })
    await this.#closed
  }

  async #stop (): Promise<void> {
    this.#change('stopping')
    try {
      await this.#hooks.stop()
    } finally {
      this.endRunning()
      this.#change('stopped')
    }
  }

  /** Ends what still waits, with the error that fits. Called by the stop hook when it has waited long enough. */
  endRunning (): void {
    for (const lifespan of [this.#running, this.#publishing]) lifespan.end(this.#refusal())
  }

  async #next (transition: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(transition)
    this.#last = turn.catch(() => {})
    await turn
  }

  #change (status: NodeStatus): void {
    const previous = this.#status
    this.#status = status
    this.#hooks.changed(status, previous)
  }

  #refusal (): WakuError {
    const status = this.#closed !== undefined && this.#status !== 'closed' ? 'closing' : this.#status
    return this.#closed !== undefined
      ? new WakuError('WAKU_CLOSED', `the node is ${status}`, { status })
      : new WakuError('WAKU_NOT_STARTED', `the node is ${status}, not started`, { status })
  }
}
