import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export interface Outcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface ChildOptions {
  /** Of node, as `--expose-gc`. */
  readonly nodeOptions?: readonly string[]
  /** Beside this process's own. */
  readonly env?: NodeJS.ProcessEnv
  readonly deadlineMs?: number
}

/** Starts a bundled program. */
export function startChild (file: string, args: readonly string[], { nodeOptions = [], env = {} }: ChildOptions = {}): ChildProcess {
  return spawn(process.execPath, [...nodeOptions, file, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ...env } })
}

/** Waits for the end of a program; one that is still there at the deadline is killed, which its signal then tells. */
export async function outcomeOf (child: ChildProcess, deadlineMs = 20_000): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => { stdout += chunk.toString() })
  child.stderr?.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
  const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
  const [code, signal] = await once(child, 'close') as [number | null, NodeJS.Signals | null]
  clearTimeout(timer)
  return { code, signal, stdout, stderr }
}

/** Runs a bundled program to its end. */
export async function runChild (file: string, args: readonly string[], options: ChildOptions = {}): Promise<Outcome> {
  return outcomeOf(startChild(file, args, options), options.deadlineMs)
}
