import type { Logger } from '../../options.js'
import { forkByElectron, isElectronMain } from './fork-by-electron.js'
import { forkByNode } from './fork-by-node.js'
import type { ForkedProcess, ProcessEnd } from './forked-process.js'
import { readLines } from './line-reader.js'
import { PacedFlush } from './paced-flush.js'
import type { ToApplication, ToHost } from './protocol.js'

/** What happens to a child. */
export interface ChildEvents {
  items (items: readonly ToApplication[]): void
  /** Once. With an error when the process could not be started at all. */
  ended (end: ProcessEnd, error?: Error): void
}

/** The child process of a backend: what is sent in one turn of the event loop goes together, and what it prints goes to the logger. */
export class HostChild {
  readonly #process: ForkedProcess
  readonly #ended: Promise<void>
  #hasEnded = false
  readonly #pace = new PacedFlush(() => this.#flush())
  #outgoing: ToHost[] = []

  private constructor (forked: ForkedProcess, logger: Logger, events: ChildEvents) {
    this.#process = forked
    forked.onMessage((message) => events.items(message as readonly ToApplication[]))
    this.#ended = new Promise((resolve) => {
      forked.onEnd((end, error) => {
        this.#hasEnded = true
        runningChildren.delete(this)
        events.ended(end, error)
        resolve()
      })
    })
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
    return new HostChild(isElectronMain() ? await forkByElectron(entry) : forkByNode(entry), logger, events)
  }

  get pid (): number | undefined {
    return this.#process.pid
  }

  /** Set while the process does not answer: it could not end by itself when this one does. */
  isUnresponsive = false

  /** Sends something, at the end of the turn, or a moment later when it can wait; it is lost if the process ends before. */
  send (item: ToHost, canWait = false): void {
    this.#outgoing.push(item)
    this.#pace.schedule(canWait)
  }

  /** Sends items at once. */
  post (items: readonly ToHost[]): void {
    if (!this.#hasEnded) this.#process.post(items)
  }

  /** Ends the process at once. */
  kill (): void {
    if (!this.#hasEnded) this.#process.kill()
  }

  /** Waits until the process has ended, and ends it when that takes longer than this. */
  async waitForExit (ms: number): Promise<void> {
    const timer = setTimeout(() => this.kill(), ms)
    await this.#ended
    clearTimeout(timer)
  }

  #flush (): void {
    const items = this.#outgoing
    this.#outgoing = []
    this.post(items)
  }

  /** Says whether the child keeps this process alive. */
  setReferenced (referenced: boolean): void {
    if (!this.#hasEnded) this.#process.setReferenced(referenced)
  }
}

const runningChildren = new Set<HostChild>()

// A child ends by itself when its application has, unless it hangs.
process.on('exit', () => { for (const child of runningChildren) if (child.isUnresponsive) child.kill() })
