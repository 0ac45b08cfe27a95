import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ForkedProcess, ProcessEnd } from './forked-process.js'
import { hostEnvironment } from './host-environment.js'

/** How long the end of the channel may come after the end of the process, in milliseconds: what was sent before it is still read. */
const lastWordsTimeoutMs = 500

/** Starts a module as a child process of Node. */
export function forkByNode (entry: URL): ForkedProcess {
  const env = hostEnvironment(process.env)
  // Where the executable is Electron's, as in its utility processes, it has to be told to stand in for Node's.
  if (process.versions['electron'] !== undefined) env['ELECTRON_RUN_AS_NODE'] = '1'
  const child = fork(fileURLToPath(entry), [], { serialization: 'advanced', execArgv: [], env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  return {
    get pid () { return child.pid },
    stdout: child.stdout,
    stderr: child.stderr,
    // With a callback, because an error is emitted as an event otherwise.
    post: (message) => { if (child.connected) child.send(message as object, () => {}) },
    onMessage: (listener) => { child.on('message', listener) },
    onEnd: (listener) => onEndOf(child, listener),
    kill: () => { child.kill('SIGKILL') },
    setReferenced: (referenced) => {
      const method = referenced ? 'ref' : 'unref'
      child[method]()
      child.channel?.[method]()
    }
  }
}

function onEndOf (child: ChildProcess, listener: (end: ProcessEnd, error?: Error) => void): void {
  let end: ProcessEnd | undefined
  let timer: NodeJS.Timeout | undefined
  let isTold = false
  const tell = (error?: Error): void => {
    if (isTold || end === undefined || (child.connected && error === undefined)) return
    isTold = true
    clearTimeout(timer)
    listener(end, error)
  }
  child.once('exit', (code, signal) => {
    end = { code, signal }
    // A process that the child has started may hold the channel open.
    timer = setTimeout(() => { if (child.connected) child.disconnect() }, lastWordsTimeoutMs)
    tell()
  })
  // The last messages are emitted on the next tick after they were read.
  child.once('disconnect', () => setImmediate(tell))
  child.on('error', (error) => {
    // One that has been started ends with an exit.
    if (child.pid !== undefined) return
    end = { code: null, signal: null }
    tell(error)
  })
}
