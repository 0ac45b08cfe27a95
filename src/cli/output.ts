/** What a command tells: data on stdout, as text or as JSON, and everything else on stderr. */
export class Output {
  readonly #json: boolean
  /** Put around each write; a terminal with a prompt on it moves the prompt out of the way. */
  around: (write: () => void) => void = (write) => write()

  constructor (json: boolean) {
    this.#json = json
  }

  /** Writes data: the text, or with `--json` the record on one line. Timestamps are bigints and become decimal strings. */
  data (text: string, record: Readonly<Record<string, unknown>>): void {
    const line = this.#json ? JSON.stringify(record, (_key, value: unknown) => typeof value === 'bigint' ? value.toString() : value) : text
    this.around(() => process.stdout.write(`${line}\n`))
  }

  /** Writes a line that only a person needs. With `--json` it is left out. */
  prose (text: string): void {
    if (!this.#json) this.around(() => process.stdout.write(`${text}\n`))
  }

  /** Writes a line about how things go. */
  note (text: string): void {
    this.around(() => process.stderr.write(`${text}\n`))
  }
}
