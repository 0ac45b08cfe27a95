import type { BackendListener, Capabilities } from '../../backend.js'
import type { NodeConfig } from '../../config.js'
import type { BackendExitReason } from '../../errors.js'
import { Slots } from '../../slots.js'
import type { CallOptions } from './call-options.js'
import type { Pong } from './channel.js'
import { HostChild } from './child.js'
import type { ProcessEnd } from './forked-process.js'
import { Heartbeat } from './heartbeat.js'
import type { HostKind, Link, Outcome } from './link.js'
import { PendingCall } from './pending-call.js'
import { errorFromPlain, type CallInputs, type CallName, type CallOutput, type HostReady } from './protocol.js'
import { lost, unavailable, type SessionEnd } from './session-end.js'

/** How long a process may take until its backend is made, in milliseconds. */
const openTimeoutMs = 30_000

/** How long a process may take to end once its backend is closed, in milliseconds. */
const exitTimeoutMs = 1000

/** What a session is made of. */
export interface SessionOptions {
  readonly kind: HostKind
  readonly config: NodeConfig
  readonly events: SessionEvents
}

/** What happens in a session. */
export interface SessionEvents extends Omit<BackendListener, 'exited' | 'restarted'> {
  /** What the network had sent until then, in milliseconds since the Unix epoch, has been delivered. */
  caughtUp (untilMs: number): void
}

/** One life of a backend's process: the calls to it, its events, and the watch over it. */
export class HostSession {
  /** Resolves when the process has ended, however it did. Calls in flight have been rejected by then. */
  readonly ended: Promise<SessionEnd>
  readonly #options: SessionOptions
  readonly #pending = new Slots<PendingCall>()
  readonly #link: Link
  readonly #ready = Promise.withResolvers<HostReady>()
  readonly #failed = Promise.withResolvers<never>()
  readonly #endedWith = Promise.withResolvers<SessionEnd>()
  #child: HostChild | undefined
  #heartbeat: Heartbeat | undefined
  #supports: Readonly<Capabilities> | undefined
  #killedFor: BackendExitReason | undefined
  #end: SessionEnd | undefined
  #isKept = false

  private constructor (options: SessionOptions) {
    this.#options = options
    const { config, events, kind } = options
    this.#link = kind.makeLink({
      config,
      events: {
        ...events,
        unresponsive: (unresponsive) => {
          this.#heartbeat?.libraryUnresponsive(unresponsive)
          events.unresponsive(unresponsive)
        }
      },
      numCalls: () => this.#pending.size,
      send: (item, canWait) => this.#child?.send(item, canWait),
      postBytes: (frame) => this.#child?.postBytes(frame) ?? true,
      settle: (seq, outcome) => this.#settle(seq, outcome)
    })
    this.ended = this.#endedWith.promise
  }

  /**
   * Starts a process and has it make its backend.
   *
   * @param signal - gives the process up.
   * @throws {WakuError} `WAKU_BACKEND_LOST` when the process ends meanwhile, `WAKU_UNAVAILABLE` when it cannot be started, and what the backend refuses with.
   */
  static async open (options: SessionOptions, signal?: AbortSignal): Promise<HostSession> {
    const session = new HostSession(options)
    const timer = setTimeout(() => session.kill('hang'), openTimeoutMs)
    const giveUp = (): void => session.kill('exit')
    signal?.addEventListener('abort', giveUp)
    try {
      await session.#open()
      return session
    } catch (error) {
      session.kill('exit')
      throw error
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', giveUp)
    }
  }

  /** What the backend in the process can do. */
  get supports (): Readonly<Capabilities> {
    if (this.#supports === undefined) throw new Error('read before the session was opened')
    return this.#supports
  }

  get pid (): number {
    return this.#child?.pid ?? 0
  }

  get hasEnded (): boolean {
    return this.#end !== undefined
  }

  /**
   * Calls a method of the backend.
   *
   * @throws {WakuError} `WAKU_BACKEND_LOST`, and what the backend throws.
   */
  call<K extends CallName> (name: K, inputs: CallInputs[K], options: CallOptions = {}): Promise<CallOutput<K>> {
    // Not async: each promise more would cost every message.
    return new Promise<CallOutput<K>>((resolve, reject) => {
      options.signal?.throwIfAborted()
      if (this.#child === undefined || this.#end !== undefined) throw lost(name, this.#end)
      const call = new PendingCall(name, options, resolve as (output: unknown) => void, reject)
      const seq = this.#pending.add(call)
      if (this.#pending.size === 1) this.#updateReference()
      call.begun(this.#link.begin(seq, name, inputs), (reason) => this.#settle(seq, { error: reason }))
    })
  }

  /** Says whether the session keeps this process alive also while no call is pending. */
  keep (isKept: boolean): void {
    this.#isKept = isKept
    this.#updateReference()
  }

  /** Ends the process at once. */
  kill (reason: BackendExitReason): void {
    this.#killedFor ??= reason
    this.#child?.kill()
  }

  /** Closes the backend and ends the process, by force when that takes too long. */
  async close (timeoutMs: number): Promise<void> {
    const timer = setTimeout(() => this.kill('exit'), timeoutMs)
    // A process that ends instead is closed as well.
    await this.call('close', []).catch(() => {})
    clearTimeout(timer)
    this.#heartbeat?.stop()
    this.#child?.setReferenced(true)
    this.#child?.end()
    await this.#child?.waitForExit(exitTimeoutMs)
  }

  async #open (): Promise<void> {
    const { kind, config: { logger } } = this.#options
    // Whoever waits for it has been told; nobody may be left.
    this.#failed.promise.catch(() => {})
    this.#child = await HostChild.start(kind.entry, logger, {
      ready: (ready) => this.#ready.resolve(ready),
      items: (items) => { for (const item of items) this.#link.take?.(item) },
      bytes: (bytes) => this.#link.takeBytes?.(bytes),
      pong: (pong) => this.#takePong(pong),
      ended: (end, error) => this.#ended(end, error)
    })
    // The process may have been given up while it was started.
    if (this.#killedFor !== undefined) this.#child.kill()
    const ready = await Promise.race([this.#ready.promise, this.#failed.promise])
    if (ready.error !== undefined) throw errorFromPlain(ready.error)
    this.#supports = await Promise.race([this.#link.open(ready), this.#failed.promise])
    this.#heartbeat = this.#watch(this.#child)
    this.#updateReference()
  }

  #watch (child: HostChild): Heartbeat {
    return new Heartbeat(this.#options.config.process, {
      ping: () => child.ping(Date.now()),
      unresponsive: (unresponsive) => {
        child.isUnresponsive = unresponsive
        this.#options.events.unresponsive(unresponsive)
      },
      fail: (reason) => this.kill(reason)
    })
  }

  #takePong ({ residentBytes, isBehind, sentAtMs }: Pong): void {
    this.#heartbeat?.pong(residentBytes)
    if (!isBehind) this.#options.events.caughtUp(sentAtMs)
  }

  #settle (seq: number, outcome: Outcome): void {
    const call = this.#pending.take(seq)
    if (call === undefined) return
    if (this.#pending.size === 0) this.#updateReference()
    call.settle(outcome)
  }

  #updateReference (): void {
    this.#child?.setReferenced(this.#isKept || this.#pending.size > 0 || this.#supports === undefined)
  }

  #ended ({ code, signal }: ProcessEnd, error: Error | undefined): void {
    const end = { reason: this.#killedFor ?? (signal === null ? 'exit' : 'crash'), pid: this.pid, code, signal }
    this.#end = end
    this.#heartbeat?.stop()
    const reason = error === undefined ? lost('open', end) : unavailable(this.#options.kind.entry, error)
    this.#failed.reject(reason)
    for (const call of this.#pending.takeAll()) call.settle({ error: lost(call.name, end) })
    this.#link.lost(reason)
    this.#endedWith.resolve(end)
  }
}
