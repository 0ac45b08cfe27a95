import type { HostReady } from './protocol.js'

/** What Electron puts on `process` in a utility process, and Node in a child process. */
interface Parent {
  readonly parentPort?: { postMessage (message: unknown): void }
  send? (message: unknown): void
  disconnect? (): void
}

/** The application that started this process, until there is a channel to it. */
export class Application {
  readonly #parent = process as Parent
  #isConnected = false

  constructor () {
    // It may be gone before it has connected. Electron ends its utility processes itself then.
    process.once('disconnect', () => { if (!this.#isConnected) process.exit() })
    // A terminal signals all processes in front of it. This one lives as long as the application does, which may have things to finish.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  }

  /** The path of the socket to which it connects. */
  get socketPath (): string {
    return process.argv.at(-1) ?? ''
  }

  /** Tells it, once, that it can connect, or that there will be nothing to connect to. */
  tell (ready: HostReady): void {
    if (this.#parent.parentPort !== undefined) this.#parent.parentPort.postMessage(ready)
    else this.#parent.send?.(ready)
  }

  /** It has connected: the way on which it was told has done its duty. */
  connected (): void {
    this.#isConnected = true
    this.#parent.disconnect?.()
  }
}
