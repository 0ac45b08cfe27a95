import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { buildProgram } from './build-program.js'

/** A program of the tests that runs in a process of its own and prints lines. */
export interface Program {
  readonly process: ChildProcess
  readonly lines: AsyncIterator<string>
  /** What it wrote to stderr so far. */
  readonly errors: () => string
  /** Waits for the end of the process; the exit code, or the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals | null>
}

/**
 * Starts a TypeScript program of the tests.
 *
 * @param source - the file, relative to `test/`.
 * @param prefix - what to put before it on the command line of a shell, for example `ulimit -f 100;`.
 */
export async function runProgram (source: string, args: readonly string[], prefix = ''): Promise<Program> {
  const outfile = await buildProgram(source)
  const started = prefix === ''
    ? spawn(process.execPath, [outfile, ...args])
    : spawn('sh', ['-c', `${prefix} exec "$@"`, 'sh', process.execPath, outfile, ...args])
  let errors = ''
  started.stderr.on('data', (chunk: Buffer) => { errors += chunk.toString() })
  const exit = once(started, 'close').then(([code, signal]: Array<number | NodeJS.Signals | null>) => code ?? signal ?? null)
  const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]()
  return { process: started, lines, errors: () => errors, exit }
}
