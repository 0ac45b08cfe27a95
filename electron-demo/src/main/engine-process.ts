import { once } from 'node:events'
import { join } from 'node:path'
import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import type { EngineArguments, EngineToMain, MainToEngine, Result } from '../shared/ipc.js'
import { engineEnvironment } from './engine-environment.js'
import type { Log } from './log.js'

/** Waits before the first, second … restart, in milliseconds; the last one goes on. */
const restartDelaysMs = [0, 250, 1000, 3000, 10_000]

/** An engine that ran so long was sound, in milliseconds. */
const soundAfterMs = 20_000

/** How long the engine may take to close its node, in milliseconds. */
const quitTimeoutMs = 6000

const diagnosticsTimeoutMs = 5000

/** What main does when the engine tells something. */
export interface EngineHooks {
  /** A new one is there: windows need a port to it. */
  connected (numRestarts: number): void
  lost (restartInMs: number, numRestarts: number): void
  told (message: EngineToMain): void
}

/** The utility process in which the engine runs: started, started again when it ends, and asked to end with the app. */
export class EngineProcess {
  readonly #folder: string
  readonly #startedWith: Omit<EngineArguments, 'numRestarts'>
  readonly #log: Log
  readonly #hooks: EngineHooks
  readonly #pending = new Map<number, (result: Result<Readonly<Record<string, unknown>>>) => void>()
  #process: UtilityProcess | undefined
  #numRestarts = 0
  #numFailures = 0
  #nextSeq = 1
  #isWanted = false
  #timer: NodeJS.Timeout | undefined

  constructor (folder: string, startedWith: Omit<EngineArguments, 'numRestarts'>, log: Log, hooks: EngineHooks) {
    this.#folder = folder
    this.#startedWith = startedWith
    this.#log = log
    this.#hooks = hooks
  }

  get pid (): number | undefined {
    return this.#process?.pid
  }

  get numRestarts (): number {
    return this.#numRestarts
  }

  start (): void {
    this.#isWanted = true
    const startedAt = performance.now()
    const argument: EngineArguments = { ...this.#startedWith, numRestarts: this.#numRestarts }
    // CommonJS, because older releases of Electron start nothing else here; it loads the module beside it.
    // A packaged app has the engine beside its archive: it holds native code, and starts programs from their files.
    const file = join(this.#folder.replace(/\bapp\.asar(?=[\\/])/, 'app.asar.unpacked'), 'engine.cjs')
    const child = utilityProcess.fork(file, [JSON.stringify(argument)], { serviceName: 'Nwaku Chat engine', stdio: 'pipe', env: engineEnvironment() })
    this.#process = child
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => this.#log.write('engine', chunk.toString('utf8').trimEnd()))
    child.on('message', (message: EngineToMain) => this.#hear(message))
    child.once('exit', (code) => this.#ended(child, code, performance.now() - startedAt))
    this.#hooks.connected(this.#numRestarts)
  }

  /** Makes a channel to the engine. @returns the window's end; undefined while there is no engine. */
  openPort (): MessagePortMain | undefined {
    if (this.#process === undefined) return undefined
    const { port1, port2 } = new MessageChannelMain()
    this.tell({ type: 'window' }, [port1])
    return port2
  }

  tell (message: MainToEngine, ports: MessagePortMain[] = []): void {
    this.#process?.postMessage(message, ports)
  }

  /** Asks for what helps to find a mistake. An engine that does not answer leaves a bundle without it. */
  async diagnostics (): Promise<Readonly<Record<string, unknown>>> {
    const seq = this.#nextSeq++
    const answer = new Promise<Result<Readonly<Record<string, unknown>>>>((resolve) => {
      this.#pending.set(seq, resolve)
      setTimeout(() => resolve({ ok: false, error: { code: 'CHAT_ENGINE_LOST', message: 'the engine does not answer', details: {} } }), diagnosticsTimeoutMs)
    })
    this.tell({ type: 'diagnostics', seq })
    const result = await answer
    this.#pending.delete(seq)
    return result.ok ? result.value : { error: result.error }
  }

  /** Ends the process at once; another takes its place. */
  kill (): void {
    const pid = this.#process?.pid
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  }

  /** Has the engine close its node and waits until it is gone, by force when that takes too long. */
  async quit (): Promise<void> {
    this.#isWanted = false
    clearTimeout(this.#timer)
    const child = this.#process
    if (child === undefined) return
    const timer = setTimeout(() => this.kill(), quitTimeoutMs)
    this.tell({ type: 'quit' })
    await once(child, 'exit')
    clearTimeout(timer)
  }

  #hear (message: EngineToMain): void {
    if (message.type === 'diagnostics') this.#pending.get(message.seq)?.(message.result)
    else this.#hooks.told(message)
  }

  #ended (child: UtilityProcess, code: number, ranMs: number): void {
    if (this.#process !== child) return
    this.#process = undefined
    if (!this.#isWanted) return
    if (ranMs > soundAfterMs) this.#numFailures = 0
    const restartInMs = restartDelaysMs[Math.min(this.#numFailures++, restartDelaysMs.length - 1)] ?? 0
    this.#numRestarts++
    this.#log.write('main', `the engine ended with code ${code} and is started again in ${restartInMs} ms`)
    this.#hooks.lost(restartInMs, this.#numRestarts)
    this.#timer = setTimeout(() => this.start(), restartInMs)
  }
}
