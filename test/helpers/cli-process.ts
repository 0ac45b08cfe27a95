import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const cliPath = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const patienceMs = 20_000
const running = new Set<CliProcess>()

/** The command line in a process of its own, over pipes. */
export class CliProcess {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #listeners = new Set<() => void>()
  #stdout = ''
  #stderr = ''
  #exitCode: number | undefined

  constructor (...args: string[]) {
    this.#child = spawn(process.execPath, [cliPath, ...args], { stdio: 'pipe' })
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => { this.#stdout += text; this.#changed() })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => { this.#stderr += text; this.#changed() })
    // A process that has ended takes no more input.
    this.#child.stdin.on('error', () => {})
    this.#child.on('close', (code, signal) => {
      this.#exitCode = code ?? 1000
      if (signal !== null) this.#stderr += `\nended by ${signal}`
      running.delete(this)
      this.#changed()
    })
    running.add(this)
  }

  /** Data. */
  get stdout (): string {
    return this.#stdout
  }

  /** Everything else. */
  get stderr (): string {
    return this.#stderr
  }

  /** Types a line. */
  type (line: string): void {
    this.#child.stdin.write(`${line}\n`)
  }

  /** Ends the input. */
  endInput (): void {
    this.#child.stdin.end()
  }

  kill (signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Waits until the process has printed something on stdout or stderr, and returns the match. */
  async printed (pattern: RegExp): Promise<RegExpExecArray> {
    return await this.#until(`print ${String(pattern)}`, () => pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr) ?? undefined)
  }

  /** Waits for the process to end, and returns its exit code. */
  async exited (): Promise<number> {
    return await this.#until('end', () => this.#exitCode)
  }

  async #until<T> (what: string, look: () => T | undefined): Promise<T> {
    return await new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer)
        this.#listeners.delete(check)
      }
      const fail = (why: string): void => {
        settle()
        reject(new Error(`the process ${why}; it printed\n${this.#stdout}\nand on stderr\n${this.#stderr}`))
      }
      const timer = setTimeout(() => fail(`did not ${what} within ${patienceMs} ms`), patienceMs)
      const check = (): void => {
        const seen = look()
        if (seen !== undefined) {
          settle()
          resolve(seen)
        } else if (this.#exitCode !== undefined) fail(`ended with ${this.#exitCode} and did not ${what}`)
      }
      this.#listeners.add(check)
      check()
    })
  }

  #changed (): void {
    for (const listener of this.#listeners) listener()
  }
}

/** Ends every process that a test has left running. */
export async function endCliProcesses (): Promise<void> {
  await Promise.all([...running].map(async (process) => {
    process.kill('SIGKILL')
    await process.exited()
  }))
}
