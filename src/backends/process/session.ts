import type { Backend, BackendEvents, Capabilities } from '../../backend.js'
import type { NodeConfig } from '../../config.js'
import { isWakuError, type BackendExitReason } from '../../errors.js'
import type { CallOptions } from './call-options.js'
import { HostChild } from './child.js'
import { copyOfMessage, fromCrossing, sizeOfCrossing, toCrossing, withOwnBytes } from './crossing-message.js'
import type { ProcessEnd } from './forked-process.js'
import { Heartbeat } from './heartbeat.js'
import { largeMessageBytes, manyCalls } from './paced-flush.js'
import { errorFromPlain, plainError, type Call, type CallInputs, type CallName, type CallOutput, type EventItem, type MessageItem, type Opened, type Settled, type ToApplication } from './protocol.js'
import { maxOpenBytes, maxOpenMessages } from './sending-queue.js'
import { lost, unavailable, type SessionEnd } from './session-end.js'

/** How long a process may take until its backend is made, in milliseconds. */
const openTimeoutMs = 30_000

/** How long a process may take to end once its backend is closed, in milliseconds. */
const exitTimeoutMs = 1000

/** Of the messages that the process may have under way, so many are taken in before it is told. */
const acknowledgedMessages = maxOpenMessages / 4
const acknowledgedBytes = maxOpenBytes / 4

/** What a session is made of. */
export interface SessionOptions {
  /** The module that the process runs. */
  readonly entry: URL
  readonly backend: Backend['name']
  readonly config: NodeConfig
  readonly events: SessionEvents
}

/** What happens in a session. */
export interface SessionEvents extends Omit<BackendEvents, 'exited' | 'restarted'> {
  /** What the network had sent until then, in milliseconds since the Unix epoch, has been delivered. */
  caughtUp (untilMs: number): void
}

interface PendingCall {
  readonly name: CallName
  resolve (output: never): void
  reject (error: Error): void
}

/** One life of a backend's process: the calls to it, its events, and the watch over it. */
export class HostSession {
  /** Resolves when the process has ended, however it did. Calls in flight have been rejected by then. */
  readonly ended: Promise<SessionEnd>
  readonly #options: SessionOptions
  readonly #pending = new Map<number, PendingCall>()
  // What is being published, until that is answered, also when nobody waits for it any more.
  readonly #published = new Map<number, CallInputs['publish']>()
  readonly #opened = Promise.withResolvers<Opened>()
  readonly #endedWith = Promise.withResolvers<SessionEnd>()
  #child: HostChild | undefined
  #heartbeat: Heartbeat | undefined
  #manifest: Opened | undefined
  #nextSeq = 0
  #numTaken = 0
  #numTakenBytes = 0
  #killedFor: BackendExitReason | undefined
  #end: SessionEnd | undefined
  #isKept = false

  private constructor (options: SessionOptions) {
    this.#options = options
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

  /** The name of the backend in the process. */
  get name (): Backend['name'] {
    return this.#manifest?.name ?? this.#options.backend
  }

  /** What the backend in the process can do. */
  get supports (): Readonly<Capabilities> {
    if (this.#manifest === undefined) throw new Error('read before the session was opened')
    return this.#manifest.supports
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
  async call<K extends CallName> (name: K, inputs: CallInputs[K], { signal, abortable, untilSettled = false }: CallOptions = {}): Promise<CallOutput<K>> {
    signal?.throwIfAborted()
    const child = this.#child
    if (child === undefined || this.#end !== undefined) throw lost(name, this.#end)
    const seq = this.#nextSeq++
    return await new Promise<CallOutput<K>>((resolve, reject) => {
      const giveUp = (reason: Error): void => {
        child.send({ kind: 'abort', seq, reason: plainError(reason) })
        if (!untilSettled) this.#settle(seq)?.reject(reason)
      }
      const abort = (): void => giveUp(signal?.reason as Error)
      const forget = (): void => {
        signal?.removeEventListener('abort', abort)
        if (abortable !== undefined) abortable.abort = undefined
      }
      signal?.addEventListener('abort', abort)
      if (abortable !== undefined) abortable.abort = giveUp
      this.#pending.set(seq, {
        name,
        resolve: (output) => { forget(); resolve(output) },
        reject: (error) => { forget(); reject(error) }
      })
      if (this.#pending.size === 1) this.#updateReference()
      child.send(this.#callItem(seq, name, inputs), this.#pending.size >= manyCalls && !isLarge(inputs))
    })
  }

  #callItem (seq: number, name: CallName, inputs: CallInputs[CallName]): Call {
    if (name !== 'publish') return { kind: 'call', seq, name, inputs } as Call
    const publishing = inputs as CallInputs['publish']
    const [message, pubsubTopic, messageHash] = publishing
    this.#published.set(seq, publishing)
    return { kind: 'call', seq, name, inputs: [toCrossing(message), pubsubTopic, messageHash] }
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
    this.#child?.setReferenced(true)
    this.#child?.send({ kind: 'end' })
    await this.#child?.waitForExit(exitTimeoutMs)
  }

  async #open (): Promise<void> {
    const { entry, backend, config: { logger, ...config } } = this.#options
    this.#child = await HostChild.start(entry, logger, {
      items: (items) => this.#take(items),
      ended: (end, error) => this.#ended(end, error)
    })
    // The process may have been given up while it was started.
    if (this.#killedFor !== undefined) this.#child.kill()
    this.#child.send({ kind: 'open', backend, config })
    this.#manifest = await this.#opened.promise
    this.#heartbeat = this.#watch(this.#child)
    this.#updateReference()
  }

  #watch (child: HostChild): Heartbeat {
    return new Heartbeat(this.#options.config.process, {
      ping: () => child.send({ kind: 'ping', sentAtMs: Date.now() }),
      unresponsive: (unresponsive) => {
        child.isUnresponsive = unresponsive
        this.#options.events.unresponsive(unresponsive)
      },
      fail: (reason) => this.kill(reason)
    })
  }

  #take (items: readonly ToApplication[]): void {
    for (const item of items) {
      if (item.kind !== 'message') {
        this.#takeOther(item)
        continue
      }
      const { message, pubsubTopic, messageHash } = item
      this.#numTaken++
      this.#numTakenBytes += sizeOfCrossing(message)
      this.#options.events.message(withOwnBytes({ message: fromCrossing(message), pubsubTopic, messageHash }))
    }
    this.#acknowledge()
  }

  // Not each batch: the process sends on meanwhile.
  #acknowledge (): void {
    const [numMessages, numBytes] = [this.#numTaken, this.#numTakenBytes]
    if (numMessages < acknowledgedMessages && numBytes < acknowledgedBytes) return
    this.#numTaken = this.#numTakenBytes = 0
    this.#child?.send({ kind: 'acknowledge', numMessages, numBytes })
  }

  #takeOwn (seq: number): void {
    const published = this.#published.get(seq)
    if (published === undefined) return
    const [message, pubsubTopic, messageHash] = published
    // It may have to be published once more, and the application may change what it gets.
    this.#options.events.message({ message: copyOfMessage(message), pubsubTopic, messageHash })
  }

  #takeOther (item: Exclude<ToApplication, MessageItem>): void {
    switch (item.kind) {
      case 'settled': this.#takeAnswer(item); break
      case 'own': this.#takeOwn(item.seq); break
      case 'event': this.#takeEvent(item); break
      case 'log': this.#options.config.logger[item.level](item.message, item.fields); break
      case 'opened': this.#opened.resolve(item); break
      case 'open-failed': this.#opened.reject(errorFromPlain(item.error)); break
      case 'pong':
        this.#heartbeat?.pong(item.residentBytes)
        if (!item.isBehind) this.#options.events.caughtUp(item.sentAtMs)
    }
  }

  #takeAnswer (item: Settled): void {
    const call = this.#settle(item.seq)
    this.#published.delete(item.seq)
    if ('error' in item) call?.reject(errorFromPlain(item.error))
    else call?.resolve(item.output as never)
  }

  #takeEvent (item: EventItem): void {
    const { events } = this.#options
    switch (item.name) {
      case 'archiveFailed': {
        const error = errorFromPlain(item.inputs[0])
        if (isWakuError(error)) events.archiveFailed(error)
        break
      }
      case 'unresponsive':
        this.#heartbeat?.libraryUnresponsive(item.inputs[0])
        events.unresponsive(item.inputs[0])
        break
      default:
        (events[item.name] as (...inputs: readonly unknown[]) => void)(...item.inputs)
    }
  }

  #settle (seq: number): PendingCall | undefined {
    const call = this.#pending.get(seq)
    this.#pending.delete(seq)
    if (this.#pending.size === 0) this.#updateReference()
    return call
  }

  #updateReference (): void {
    this.#child?.setReferenced(this.#isKept || this.#pending.size > 0 || this.#manifest === undefined)
  }

  #ended ({ code, signal }: ProcessEnd, error: Error | undefined): void {
    const end = { reason: this.#killedFor ?? (signal === null ? 'exit' : 'crash'), pid: this.pid, code, signal }
    this.#end = end
    this.#heartbeat?.stop()
    this.#opened.reject(error === undefined ? lost('open', end) : unavailable(this.#options.entry, error))
    // Whoever waits for it has been told; nobody may be left.
    this.#opened.promise.catch(() => {})
    for (const call of this.#pending.values()) call.reject(lost(call.name, end))
    this.#pending.clear()
    this.#published.clear()
    this.#endedWith.resolve(end)
  }
}

function isLarge ([message]: CallInputs[CallName]): boolean {
  return typeof message === 'object' && 'payload' in message && message.payload.byteLength >= largeMessageBytes
}
