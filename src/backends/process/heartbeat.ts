import type { BackendExitReason } from '../../errors.js'

/** How many heartbeats may be missed in a row. */
const maxMissed = 5

/** After so many, the application is told. */
const missedBeforeTold = 2

/** What a heartbeat needs of what it watches over. */
export interface HeartbeatHooks {
  ping (): void
  unresponsive (unresponsive: boolean): void
  /** The process has to be ended. */
  fail (reason: BackendExitReason): void
}

/** Bounds of a process. */
export interface HeartbeatLimits {
  readonly hangTimeoutMs: number
  readonly maxMemoryBytes?: number | undefined
}

/** Asks a process again and again whether it is alive and how much memory it takes. */
export class Heartbeat {
  readonly #hooks: HeartbeatHooks
  readonly #limits: HeartbeatLimits
  readonly #intervalMs: number
  readonly #timer: NodeJS.Timeout
  #lastTickAt = performance.now()
  #isAwaited = false
  #numMissed = 0
  #libraryTimer: NodeJS.Timeout | undefined

  constructor (limits: HeartbeatLimits, hooks: HeartbeatHooks) {
    this.#hooks = hooks
    this.#limits = limits
    this.#intervalMs = limits.hangTimeoutMs / maxMissed
    this.#timer = setInterval(() => this.#tick(), this.#intervalMs).unref()
    this.#ping()
  }

  stop (): void {
    clearInterval(this.#timer)
    clearTimeout(this.#libraryTimer)
  }

  /** The process has answered. */
  pong (residentBytes: number): void {
    this.#isAwaited = false
    if (this.#numMissed >= missedBeforeTold) this.#hooks.unresponsive(false)
    this.#numMissed = 0
    if (residentBytes > (this.#limits.maxMemoryBytes ?? Infinity)) this.#hooks.fail('memory')
  }

  /** The backend tells that the library in the process does not answer, or answers again. */
  libraryUnresponsive (unresponsive: boolean): void {
    if (!unresponsive) {
      clearTimeout(this.#libraryTimer)
      this.#libraryTimer = undefined
      return
    }
    this.#libraryTimer ??= setTimeout(() => this.#hooks.fail('hang'), this.#limits.hangTimeoutMs).unref()
  }

  #tick (): void {
    const now = performance.now()
    const isLate = now - this.#lastTickAt > 2 * this.#intervalMs
    this.#lastTickAt = now
    if (!this.#isAwaited) {
      this.#ping()
      return
    }
    // It is this process that was busy or asleep: the answer may be there, unread.
    if (isLate) return
    this.#numMissed++
    if (this.#numMissed === missedBeforeTold) this.#hooks.unresponsive(true)
    if (this.#numMissed >= maxMissed) this.#hooks.fail('hang')
  }

  #ping (): void {
    this.#isAwaited = true
    this.#hooks.ping()
  }
}
