import { fork, type ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { hostEnvironment } from './host-environment.js'

/** How a child process ended. */
export interface ProcessEnd {
  readonly code: number | null
  readonly signal: string | null
}

/** A child process and the channel to it, whichever way it was started. */
export interface ForkedProcess {
  /** Absent when the process could not be started; `onEnd` tells. */
  readonly pid: number | undefined
  readonly stdout: Readable | null
  readonly stderr: Readable | null
  /** Sends a message; one that no longer arrives is lost, and `onEnd` tells. */
  post (message: unknown): void
  onMessage (listener: (message: unknown) => void): void
  /** Once, when the process is gone and all that it sent has come; `error` when it never was there. */
  onEnd (listener: (end: ProcessEnd, error?: Error) => void): void
  kill (): void
  /** Whether the child keeps this process alive. */
  setReferenced (referenced: boolean): void
}

/** How long the end of the channel may come after the end of the process, in milliseconds: what was sent before is still read. */
const lastWordsTimeoutMs = 500

/** Starts a module as a child process: in the main process of Electron as a utility process, else by Node. */
export async function forkHost (entry: URL): Promise<ForkedProcess> {
  const isElectronMain = process.versions['electron'] !== undefined && (process as { type?: string }).type === 'browser'
  return isElectronMain ? await forkByElectron(entry) : forkByNode(entry)
}

function forkByNode (entry: URL): ForkedProcess {
  const env = hostEnvironment(process.env)
  // Where the executable is Electron's, as in its utility processes, it has to be told to stand in for Node's.
  if (process.versions['electron'] !== undefined) env['ELECTRON_RUN_AS_NODE'] = '1'
  const child = fork(fileURLToPath(entry), [], { serialization: 'advanced', execArgv: [], env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  return {
    get pid () { return child.pid },
    stdout: child.stdout,
    stderr: child.stderr,
    post: (message) => { if (child.connected) child.send(message as object, () => {}) },
    onMessage: (listener) => child.on('message', listener),
    onEnd: (listener) => onEndOfChild(child, listener),
    kill: () => child.kill('SIGKILL'),
    setReferenced: (referenced) => {
      const method = referenced ? 'ref' : 'unref'
      child[method]()
      child.channel?.[method]()
    }
  }
}

function onEndOfChild (child: ChildProcess, listener: (end: ProcessEnd, error?: Error) => void): void {
  let end: ProcessEnd | undefined
  const done = (): void => {
    if (end === undefined || child.connected) return
    clearTimeout(timer)
    listener(end)
    end = undefined
  }
  let timer: NodeJS.Timeout | undefined
  child.once('exit', (code, signal) => {
    end = { code, signal }
    timer = setTimeout(() => { if (child.connected) child.disconnect() }, lastWordsTimeoutMs)
    done()
  })
  child.once('disconnect', () => setImmediate(done))
  child.on('error', (error) => {
    // Also emitted for a message that could not be sent, which the end of the process explains.
    if (child.pid === undefined) listener({ code: null, signal: null }, error)
  })
}

/** What is used of Electron, which is no dependency of this package. */
interface Electron {
  readonly app: { whenReady (): Promise<void> }
  readonly utilityProcess: {
    fork (file: string, args: readonly string[], options: object): UtilityProcess
  }
}

interface UtilityProcess {
  readonly pid: number | undefined
  readonly stdout: Readable | null
  readonly stderr: Readable | null
  postMessage (message: unknown): void
  on (event: 'message', listener: (message: unknown) => void): void
  once (event: 'exit', listener: (code: number) => void): void
}

async function forkByElectron (entry: URL): Promise<ForkedProcess> {
  const { app, utilityProcess } = createRequire(import.meta.url)('electron') as Electron
  await app.whenReady()
  // Older releases of Electron start only CommonJS, so a file of one line loads the module.
  const file = fileURLToPath(entry).replace(/\.js$/, '.cjs')
  const child = utilityProcess.fork(file, [], { serviceName: 'nwaku-desktop', execArgv: [], env: hostEnvironment(process.env), stdio: 'pipe' })
  return {
    get pid () { return child.pid },
    stdout: child.stdout,
    stderr: child.stderr,
    post: (message) => child.postMessage(message),
    onMessage: (listener) => child.on('message', listener),
    onEnd: (listener) => child.once('exit', (code) => listener({ code, signal: null })),
    kill: () => { if (child.pid !== undefined) killHard(child.pid) },
    // An app of Electron lives until it quits, and takes its utility processes along.
    setReferenced: () => {}
  }
}

// Electron's own kill asks politely.
function killHard (pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
