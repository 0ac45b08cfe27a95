import { reasonOf } from '../../errors.js'
import type { Logger } from '../../options.js'
import { Channel, type Pong } from './channel.js'
import { forkByElectron, isElectronMain } from './fork-by-electron.js'
import { forkByNode } from './fork-by-node.js'
import type { ForkedProcess, ProcessEnd } from './forked-process.js'
import { readLines } from './line-reader.js'
import { PacedFlush } from './paced-flush.js'
import type { HostReady, ToApplication, ToHost } from './protocol.js'
import { makeSocketPath, type SocketPath } from './socket-path.js'

/** How long the end of the channel may come after the end of the process, in milliseconds: what was sent before it is still read. */
const lastWordsTimeoutMs = 500

/** What happens to a child. */
export interface ChildEvents {
  /** Once: something can be sent, or the process has failed. */
  ready (ready: HostReady): void
  items? (items: readonly ToApplication[]): void
  /** The memory is used again. */
  bytes? (bytes: Buffer): void
  pong? (pong: Pong): void
  /** Once. With an error when the process could not be started at all. */
  ended (end: ProcessEnd, error?: Error): void
}

/** The child process of a backend: what is sent in one turn of the event loop goes together, and what it prints goes to the logger. */
export class HostChild {
  readonly #process: ForkedProcess
  readonly #logger: Logger
  readonly #events: ChildEvents
  readonly #socketPath: SocketPath
  readonly #ended = Promise.withResolvers<void>()
  #channel: Channel<ToApplication, ToHost> | undefined
  readonly #channelClosed = Promise.withResolvers<void>()
  #hasEnded = false
  #isReferenced = true
  readonly #pace = new PacedFlush(() => this.#flush())
  #outgoing: ToHost[] = []

  private constructor (forked: ForkedProcess, socketPath: SocketPath, logger: Logger, events: ChildEvents) {
    this.#process = forked
    this.#socketPath = socketPath
    this.#logger = logger
    this.#events = events
    forked.onReady((ready) => {
      if (ready.error === undefined) this.#connect()
      events.ready(ready)
    })
    forked.onEnd((end, error) => { void this.#end(end, error) })
    for (const [name, level] of [['stdout', 'debug'], ['stderr', 'warn']] as const) {
      const stream = forked[name]
      if (stream !== null) readLines(stream, (line) => logger[level]('the backend printed', { pid: forked.pid, stream: name, line }))
      // A pipe that nobody else holds open would keep this process alive.
      ;(stream as { unref?: () => void } | null)?.unref?.()
    }
    runningChildren.add(this)
  }

  /** Starts the process. */
  static async start (entry: URL, logger: Logger, events: ChildEvents): Promise<HostChild> {
    const socketPath = makeSocketPath()
    const args = [socketPath.path]
    return new HostChild(isElectronMain() ? await forkByElectron(entry, args) : forkByNode(entry, args), socketPath, logger, events)
  }

  get pid (): number | undefined {
    return this.#process.pid
  }

  /** Set while the process does not answer: it could not end by itself when this one does. */
  isUnresponsive = false

  /**
   * Sends something to a process that is ready, at the end of the turn, or a moment later when it can wait; it is lost if the process
   * ends before.
   */
  send (item: ToHost, canWait = false): void {
    this.#outgoing.push(item)
    this.#pace.schedule(canWait)
  }

  /** Sends bytes at once, as {@link Channel.postBytes} does. */
  postBytes (frame: Buffer): boolean {
    return this.#channel?.postBytes(frame) ?? true
  }

  /** As {@link Channel.ping}. */
  ping (sentAtMs: number): void {
    this.#channel?.ping(sentAtMs)
  }

  /** Has the process end by itself. */
  end (): void {
    this.#channel?.end()
  }

  /** Ends the process at once. */
  kill (): void {
    if (!this.#hasEnded) this.#process.kill()
  }

  /** Waits until the process has ended, and ends it when that takes longer than this. */
  async waitForExit (ms: number): Promise<void> {
    const timer = setTimeout(() => this.kill(), ms)
    await this.#ended.promise
    clearTimeout(timer)
  }

  /** Says whether the child keeps this process alive. */
  setReferenced (referenced: boolean): void {
    this.#isReferenced = referenced
    this.#channel?.setReferenced(referenced)
    if (!this.#hasEnded) this.#process.setReferenced(referenced)
  }

  #connect (): void {
    let isConnected = false
    this.#channel = Channel.connect(this.#socketPath.path, {
      connected: () => {
        isConnected = true
        this.#socketPath.remove()
      },
      items: (items) => this.#events.items?.(items),
      bytes: (bytes) => this.#events.bytes?.(bytes),
      pong: (pong) => this.#events.pong?.(pong),
      closed: (error) => {
        this.#channelClosed.resolve()
        if (isConnected || this.#hasEnded) return
        this.#logger.warn('the process of the backend cannot be reached', { pid: this.pid, reason: reasonOf(error) })
        this.kill()
      }
    })
    this.#channel.setReferenced(this.#isReferenced)
  }

  #flush (): void {
    const items = this.#outgoing
    this.#outgoing = []
    if (items.length > 0) this.#channel?.post(items)
  }

  async #end (end: ProcessEnd, error: Error | undefined): Promise<void> {
    this.#hasEnded = true
    runningChildren.delete(this)
    if (this.#channel !== undefined) {
      const timer = setTimeout(() => this.#channel?.close(), lastWordsTimeoutMs)
      await this.#channelClosed.promise
      clearTimeout(timer)
    }
    this.#socketPath.remove()
    this.#events.ended(end, error)
    this.#ended.resolve()
  }
}

const runningChildren = new Set<HostChild>()

// A child ends by itself when its application has, unless it hangs.
process.on('exit', () => { for (const child of runningChildren) if (child.isUnresponsive) child.kill() })
