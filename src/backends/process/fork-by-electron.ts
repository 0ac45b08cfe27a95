import { createRequire } from 'node:module'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { ForkedProcess, ProcessEnd } from './forked-process.js'
import { hostEnvironment } from './host-environment.js'
import type { HostReady } from './protocol.js'

/** What is used of Electron, which is no dependency of this package. */
interface Electron {
  readonly app: App
  readonly utilityProcess: { fork (file: string, args: readonly string[], options: object): UtilityProcess }
}

interface App {
  whenReady (): Promise<void>
  on (event: 'child-process-gone', listener: ChildGoneListener): void
  off (event: 'child-process-gone', listener: ChildGoneListener): void
}

type ChildGoneListener = (event: unknown, details: { readonly name?: string, readonly exitCode: number }) => void

interface UtilityProcess {
  readonly pid: number | undefined
  readonly stdout: Readable | null
  readonly stderr: Readable | null
  once (event: 'message', listener: (message: unknown) => void): void
  once (event: 'exit', listener: (code: number) => void): void
  once (event: 'spawn', listener: () => void): void
}

/** How long Electron may take to tell which signal ended a process, in milliseconds. */
const reasonTimeoutMs = 200

let numForked = 0

/** Whether this is the main process of Electron, which starts children as utility processes. */
export function isElectronMain (): boolean {
  return process.versions['electron'] !== undefined && (process as { type?: string }).type === 'browser'
}

/** Starts a module as a utility process of Electron, once the app is ready. */
export async function forkByElectron (entry: URL, args: readonly string[]): Promise<ForkedProcess> {
  const { app, utilityProcess } = createRequire(import.meta.url)('electron') as Electron
  await app.whenReady()
  // Older releases of Electron start only CommonJS, so a file of one line loads the module.
  const file = fileURLToPath(entry).replace(/\.js$/, '.cjs')
  const serviceName = `nwaku-desktop backend ${++numForked}`
  const child = utilityProcess.fork(file, args, { serviceName, execArgv: [], env: hostEnvironment(process.env), stdio: 'pipe' })
  // Electron knows it only while the process runs.
  let { pid } = child
  child.once('spawn', () => { pid = child.pid })
  return {
    get pid () { return pid },
    stdout: child.stdout,
    stderr: child.stderr,
    onReady: (listener) => child.once('message', (message) => listener(message as HostReady)),
    onEnd: (listener) => onEndOf(child, serviceName, app, listener),
    kill: () => { if (child.pid !== undefined) killHard(child.pid) },
    // An app of Electron lives until it quits, and takes its utility processes along.
    setReferenced: () => {}
  }
}

/** The exit event may come with code 0 for a process that a signal ended; a second event, of the app, then tells which. */
function onEndOf (child: UtilityProcess, serviceName: string, app: App, listener: (end: ProcessEnd) => void): void {
  let exitCode: number | undefined
  let signal: string | undefined
  let timer: NodeJS.Timeout | undefined
  const tell = (): void => {
    clearTimeout(timer)
    app.off('child-process-gone', gone)
    listener(signal === undefined ? { code: exitCode ?? null, signal: null } : { code: null, signal })
  }
  const gone: ChildGoneListener = (_, { name, exitCode: number }) => {
    if (name !== serviceName) return
    signal = signalOf(number)
    if (exitCode !== undefined) tell()
  }
  app.on('child-process-gone', gone)
  child.once('exit', (code) => {
    exitCode = code
    if (signal === undefined) timer = setTimeout(tell, reasonTimeoutMs)
    else tell()
  })
}

function signalOf (number: number): string | undefined {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0]
}

// Electron's own kill asks politely.
function killHard (pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
