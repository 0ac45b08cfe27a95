import { clearScreenDown, createInterface, cursorTo, moveCursor, type Interface } from 'node:readline'
import type { Output } from '../output.js'

/**
 * Where a person types, or a program writes. On a terminal there is a prompt, and what is written meanwhile appears above it
 * without tearing what is being typed; from a pipe lines are read as they come.
 */
export class Terminal {
  /** Whether a person can be asked. */
  readonly isInteractive: boolean
  readonly #interface: Interface
  readonly #lines: AsyncIterable<string>
  #isPrompting = false

  constructor (output: Output, signal: AbortSignal) {
    this.isInteractive = process.stdin.isTTY && process.stdout.isTTY
    this.#interface = this.isInteractive
      ? createInterface({ input: process.stdin, output: process.stdout, signal })
      : createInterface({ input: process.stdin, terminal: false, signal })
    const iterator = this.#interface[Symbol.asyncIterator]()
    // From now on, so that no line is lost that comes before anybody reads.
    this.#lines = { [Symbol.asyncIterator]: () => iterator }
    if (!this.isInteractive) return
    // In raw mode Ctrl-C is a key; everybody else knows it as a signal.
    this.#interface.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    output.around = (write) => this.#above(write)
  }

  /** Asks a question, and returns the answer; empty at the end of input and when interrupted. */
  async ask (question: string): Promise<string> {
    return await new Promise((resolve) => {
      const onClose = (): void => resolve('')
      this.#interface.once('close', onClose)
      this.#interface.question(question, (answer) => {
        this.#interface.off('close', onClose)
        resolve(answer)
      })
    })
  }

  /** Sets what stands before the line being typed. */
  setPrompt (prompt: string): void {
    this.#interface.setPrompt(prompt)
  }

  /** Yields lines until the end of input, or until the signal given at the start fires. The reader sets the pace. */
  async * lines (): AsyncGenerator<string, void, undefined> {
    this.#prompt()
    for await (const line of this.#lines) {
      this.#isPrompting = false
      yield line
      this.#prompt()
    }
  }

  close (): void {
    this.#isPrompting = false
    this.#interface.close()
  }

  #prompt (): void {
    if (!this.isInteractive) return
    this.#isPrompting = true
    this.#interface.prompt()
  }

  #above (write: () => void): void {
    if (!this.#isPrompting) {
      write()
      return
    }
    const { rows } = this.#interface.getCursorPos()
    moveCursor(process.stdout, 0, -rows)
    cursorTo(process.stdout, 0)
    clearScreenDown(process.stdout)
    write()
    // Undocumented, but there in every release: how far the interface would go up before it draws the line again.
    Object.assign(this.#interface, { prevRows: 0 })
    this.#interface.prompt(true)
  }
}
