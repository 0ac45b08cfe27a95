import type { Progress } from '../fetch-libwaku/download.js'

const mebibyte = 1024 * 1024
const terminalIntervalMs = 100
const logIntervalMs = 5000

/** Shows on stderr how a download gets on: one line that changes on a terminal, now and then a line elsewhere. */
export class ProgressLine {
  readonly #label: string
  readonly #isTerminal = process.stderr.isTTY
  #shownAt = -Infinity
  #last: string | undefined

  constructor (label: string) {
    this.#label = label
  }

  show ({ receivedBytes, totalBytes }: Progress): void {
    const now = performance.now()
    const share = totalBytes === undefined || totalBytes === 0 ? '' : ` of ${(totalBytes / mebibyte).toFixed(1)} MiB, ${Math.floor(100 * receivedBytes / totalBytes)} %`
    this.#last = `${this.#label}: ${(receivedBytes / mebibyte).toFixed(1)}${share === '' ? ' MiB' : share}`
    if (now - this.#shownAt < (this.#isTerminal ? terminalIntervalMs : logIntervalMs)) return
    this.#shownAt = now
    this.#write()
  }

  /** Shows the last state, and leaves the line. */
  end (): void {
    if (this.#last === undefined) return
    this.#write()
    this.#last = undefined
    if (this.#isTerminal) process.stderr.write('\n')
  }

  #write (): void {
    if (this.#last !== undefined) process.stderr.write(this.#isTerminal ? `\r\u001B[K${this.#last}` : `${this.#last}\n`)
  }
}
