import { setTimeout as delay } from 'node:timers/promises'
import { isWakuError, reasonOf, WakuError } from '../../errors.js'
import type { BackendExit } from '../../events.js'
import type { Logger } from '../../options.js'
import type { HostSession } from './session.js'
import type { SessionEnd } from './session-end.js'

/** Waits before the first, second … attempt to replace a process, in milliseconds; the last one goes on. */
const restartDelaysMs = [0, 100, 250, 500, 1000, 2000, 5000, 10_000, 30_000]

/** After so long, in milliseconds, a process counts as sound, and what failed before it no longer matters. */
const soundAfterMs = 10_000

/** How long bringing a new process to where the lost one was may take, in milliseconds. */
const restoreTimeoutMs = 60_000

/** What a supervisor needs of the backend. */
export interface SupervisorHooks {
  /** Starts a process. @param attempt - how many before it failed to take a lost one's place; undefined when none was lost. */
  open (attempt: number | undefined, signal: AbortSignal): Promise<HostSession>
  /** Brings a new process to where the lost one was. */
  restore (session: HostSession): Promise<void>
  /** A process has ended unasked. */
  lost (exit: BackendExit): void
  /** The lost process has been replaced. */
  restored (session: HostSession, downMs: number): void
}

/** Keeps a process there as long as one is wanted: one that ends is replaced, with growing delay when that happens again and again. */
export class Supervisor {
  readonly #hooks: SupervisorHooks
  readonly #logger: Logger
  #session: HostSession | undefined
  /** While one is wanted: the session, once it is ready. */
  #ready: PromiseWithResolvers<HostSession> | undefined
  #controller = new AbortController()
  #replacing: Promise<void> = Promise.resolve()
  #isReplacing = false
  #numFailures = 0
  #readyAt = 0

  constructor (hooks: SupervisorHooks, logger: Logger) {
    this.#hooks = hooks
    this.#logger = logger
  }

  /** The session there is; undefined when its process has ended. */
  get session (): HostSession | undefined {
    return this.#session
  }

  /** Returns the session, after opening one if there is none. For while none is kept. */
  async begin (signal: AbortSignal): Promise<HostSession> {
    if (this.#session !== undefined) return this.#session
    const session = await this.#hooks.open(undefined, signal)
    this.#adopt(session)
    return session
  }

  /** From now on a session that ends is replaced. */
  keep (): void {
    this.#controller = new AbortController()
    this.#ready = newReady()
    this.#readyAt = performance.now()
    this.#session?.keep(true)
    if (this.#session === undefined) this.#replace()
    else this.#ready.resolve(this.#session)
  }

  /** Returns the session as soon as it is ready. @throws {WakuError} `WAKU_NOT_STARTED` when none is kept. */
  async ready (): Promise<HostSession> {
    if (this.#ready === undefined) throw notStarted()
    return await this.#ready.promise
  }

  /** From now on no session is kept. Resolves when none is being replaced; one that was not ready yet is given up. */
  async release (): Promise<void> {
    this.#controller.abort()
    this.#ready?.reject(notStarted())
    this.#ready = undefined
    this.#session?.keep(false)
    await this.#replacing
  }

  /** Releases and closes what there is, by force when that takes too long. */
  async close (timeoutMs: number): Promise<void> {
    await this.release()
    const session = this.#session
    this.#session = undefined
    await session?.close(timeoutMs)
  }

  #adopt (session: HostSession): void {
    this.#session = session
    void session.ended.then((end) => { if (this.#session === session && !this.#isReplacing) this.#lost(end) })
  }

  #lost (end: SessionEnd): void {
    this.#session = undefined
    if (this.#ready === undefined) {
      this.#hooks.lost({ ...end, restartInMs: null })
      return
    }
    this.#ready = newReady()
    if (performance.now() - this.#readyAt > soundAfterMs) this.#numFailures = 0
    this.#hooks.lost({ ...end, restartInMs: this.#delayMs() })
    this.#replace()
  }

  #delayMs (): number {
    return restartDelaysMs[Math.min(this.#numFailures, restartDelaysMs.length - 1)] as number
  }

  #replace (): void {
    const { signal } = this.#controller
    this.#isReplacing = true
    this.#replacing = this.#replaceLost(signal).catch((error: unknown) => {
      if (!signal.aborted) this.#logger.error('the backend is not replaced any more', { reason: reasonOf(error) })
    }).finally(() => { this.#isReplacing = false })
  }

  async #replaceLost (signal: AbortSignal): Promise<void> {
    const downSince = performance.now()
    for (let attempt = 0; ; attempt++) {
      await delay(this.#delayMs(), undefined, { signal })
      this.#numFailures++
      try {
        const session = await this.#openAndRestore(attempt, signal)
        this.#isReplacing = false
        this.#readyAt = performance.now()
        this.#adopt(session)
        session.keep(true)
        this.#hooks.restored(session, this.#readyAt - downSince)
        this.#ready?.resolve(session)
        return
      } catch (error) {
        signal.throwIfAborted()
        this.#logger.warn('the backend cannot be restarted yet', { reason: reasonOf(error), restartInMs: this.#delayMs() })
        if (isWakuError(error, 'WAKU_BACKEND_LOST')) this.#hooks.lost({ ...exitOf(error), restartInMs: this.#delayMs() })
      }
    }
  }

  async #openAndRestore (attempt: number, signal: AbortSignal): Promise<HostSession> {
    const session = await this.#hooks.open(attempt, signal)
    const giveUp = (): void => session.kill('exit')
    signal.addEventListener('abort', giveUp)
    const timer = setTimeout(() => session.kill('hang'), restoreTimeoutMs)
    try {
      await this.#hooks.restore(session)
      signal.throwIfAborted()
      return session
    } catch (error) {
      session.kill('exit')
      await session.ended
      throw error
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
    }
  }
}

function exitOf ({ details: { operation: _, ...exit } }: WakuError<'WAKU_BACKEND_LOST'>): SessionEnd {
  return exit
}

function newReady (): PromiseWithResolvers<HostSession> {
  const ready = Promise.withResolvers<HostSession>()
  // It may be that nobody waits.
  ready.promise.catch(() => {})
  return ready
}

function notStarted (): WakuError<'WAKU_NOT_STARTED'> {
  return new WakuError('WAKU_NOT_STARTED', 'the node is not started', { status: 'stopped' })
}
