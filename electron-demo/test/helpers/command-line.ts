import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished, vi } from 'vitest'

/** A chat of the package's command line. */
export class CommandLineChat {
  #output = ''
  readonly #child: ChildProcess

  private constructor (args: readonly string[]) {
    this.#child = spawn(process.execPath, [fileURLToPath(new URL('../../../dist/cli.js', import.meta.url)), ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on('data', (chunk: Buffer) => { this.#output += chunk.toString('utf8') })
  }

  /** Starts one; it ends with the test. */
  static start (...args: string[]): CommandLineChat {
    const chat = new CommandLineChat(args)
    onTestFinished(async () => await chat.stop())
    return chat
  }

  say (text: string): void {
    this.#child.stdin?.write(`${text}\n`)
  }

  /** Waits until it has printed something. @returns what a pattern found. */
  async prints (pattern: RegExp): Promise<RegExpExecArray> {
    return await vi.waitFor(() => {
      const found = pattern.exec(this.#output)
      if (found === null) throw new Error(`not printed: ${String(pattern)}; but:\n${this.#output}`)
      return found
    }, { timeout: 20_000, interval: 20 })
  }

  async stop (): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGINT')
    await ended
  }
}
