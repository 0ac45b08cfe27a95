import { randomBytes } from 'node:crypto'
import type { Settings } from '../../shared/ipc.js'
import type { Sqlite, Statement } from './open-database.js'

/** What is kept of the app itself. */
export class SettingsTable {
  readonly #read: Statement<{ value: string }>
  readonly #write: Statement<never>

  constructor (sqlite: Sqlite) {
    this.#read = sqlite.prepare('SELECT value FROM settings WHERE key = ?')
    this.#write = sqlite.prepare('INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
  }

  /** What the user chose; null before the first run is done. */
  get settings (): Settings | null {
    const value = this.#read.get(['settings'])?.value
    return value === undefined ? null : JSON.parse(value) as Settings
  }

  save (settings: Settings): void {
    this.#write.run(['settings', JSON.stringify(settings)])
  }

  /** The node's identity, 64 hex digits, made once. Secret: it goes into the node and nowhere else. */
  get nodeKey (): string {
    const known = this.#read.get(['node-key'])?.value
    if (known !== undefined) return known
    const made = randomBytes(32).toString('hex')
    this.#write.run(['node-key', made])
    return made
  }
}
