import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { buildSync } from 'esbuild'
import { root } from './libraries.js'

export interface Outcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Bundles a program of test/native/children; returns the file, which lies inside the package as the built one does. */
export function bundleChild (name: string): string {
  const folder = resolve(root, 'build/test-native')
  mkdirSync(folder, { recursive: true })
  const outfile = resolve(folder, `${name}.${process.pid}.mjs`)
  const entry = resolve(root, `test/native/children/${name}.ts`)
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node18', external: ['koffi'], logLevel: 'warning' })
  process.once('exit', () => rmSync(outfile, { force: true }))
  return outfile
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
