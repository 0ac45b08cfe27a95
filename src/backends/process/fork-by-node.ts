import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ForkedProcess } from './forked-process.js'
import { hostEnvironment } from './host-environment.js'
import type { HostReady } from './protocol.js'

/** Starts a module as a child process of Node. */
export function forkByNode (entry: URL, args: readonly string[]): ForkedProcess {
  const env = hostEnvironment(process.env)
  // Where the executable is Electron's, as in its utility processes, it has to be told to stand in for Node's.
  if (process.versions['electron'] !== undefined) env['ELECTRON_RUN_AS_NODE'] = '1'
  const child = fork(fileURLToPath(entry), args, { execArgv: [], env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  return {
    get pid () { return child.pid },
    stdout: child.stdout,
    stderr: child.stderr,
    onReady: (listener) => { child.once('message', (message) => listener(message as HostReady)) },
    onEnd: (listener) => {
      child.once('exit', (code, signal) => listener({ code, signal }))
      // One that has been started ends with an exit.
      child.on('error', (error) => { if (child.pid === undefined) listener({ code: null, signal: null }, error) })
    },
    kill: () => { child.kill('SIGKILL') },
    setReferenced: (referenced) => {
      const method = referenced ? 'ref' : 'unref'
      child[method]()
      child.channel?.[method]()
    }
  }
}
