import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { dirname } from 'node:path'

/** Beyond this a log is put aside at the next start, in bytes. */
const maxBytes = 2_000_000

/** The log on disk, of main and of what the engine prints. */
export class Log {
  readonly #stream: WriteStream
  readonly #tail: string[] = []

  constructor (path: string) {
    mkdirSync(dirname(path), { recursive: true })
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes) renameSync(path, `${path}.old`)
    this.#stream = createWriteStream(path, { flags: 'a' })
    // A full disk does not end a chat.
    this.#stream.on('error', () => {})
  }

  /** The last lines. */
  get tail (): readonly string[] {
    return this.#tail
  }

  write (source: 'main' | 'engine', text: string): void {
    for (const line of text.split('\n')) {
      const written = `${new Date().toISOString()} ${source} ${line}`
      this.#stream.write(`${written}\n`)
      this.#tail.push(written)
    }
    if (this.#tail.length > 400) this.#tail.splice(0, 200)
  }
}
