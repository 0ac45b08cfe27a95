import type { Output } from '../output.js'

const width = 66

/** Tells the demo as it happens, with how long each part took. */
export class Narrator {
  readonly #output: Output
  readonly #beganAt = performance.now()

  constructor (output: Output) {
    this.#output = output
  }

  /** Runs a part of the demo and tells it with its time. @throws {Error} that says which part failed. */
  async step<T> (step: string, sentence: string, run: () => Promise<T>): Promise<T> {
    const beganAt = performance.now()
    try {
      const result = await run()
      this.#timed(sentence, performance.now() - beganAt, { event: 'step', step })
      return result
    } catch (error) {
      throw new Error(`the demo failed at "${sentence}": ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }

  /** Tells of a message that has reached somebody. */
  message (from: string, to: string, text: string, ms: number): void {
    this.#timed(`  ${from}: ${text}`, ms, { event: 'message', from, to, text }, ` to ${to}`)
  }

  /** Tells of a message that was found in a store. */
  found (text: string): void {
    this.#output.data(`  ${text}`, { event: 'found', text })
  }

  /** Tells which backend runs the nodes, and why. */
  backend (name: string, version: string, reason: string): void {
    this.#output.data(`Backend: ${name} (${version}): ${reason}.`, { event: 'backend', name, version, reason })
  }

  /** Tells something that only a person needs. */
  prose (text: string): void {
    this.#output.prose(text)
  }

  /** Tells that all went well. */
  end (sentence: string): void {
    this.#timed(sentence, performance.now() - this.#beganAt, { event: 'done' })
  }

  #timed (text: string, ms: number, record: Readonly<Record<string, unknown>>, suffix = ''): void {
    const rounded = ms < 10 ? ms.toFixed(1) : ms.toFixed(0)
    this.#output.data(`${text.padEnd(width)}${rounded.padStart(6)} ms${suffix}`, { ...record, ms: Number(rounded) })
  }
}
