import { ChatFailure } from '../chat-failure.js'
import { MessageTable } from './message-table.js'
import { openDatabase, type Sqlite } from './open-database.js'
import { RoomTable } from './room-table.js'
import { SettingsTable } from './settings-table.js'

/** All that outlives the app: settings, rooms, messages. Calls are synchronous and take well under a millisecond each. */
export class Database {
  readonly messages: MessageTable
  readonly rooms: RoomTable
  readonly settings: SettingsTable
  /** Where a damaged database of before is now. */
  readonly damagedPath: string | undefined
  readonly #sqlite: Sqlite

  /** @throws {ChatFailure} `CHAT_DATABASE` */
  constructor (path: string) {
    const { sqlite, damagedPath } = openDatabase(path)
    this.#sqlite = sqlite
    this.damagedPath = damagedPath
    this.messages = new MessageTable(sqlite)
    this.rooms = new RoomTable(sqlite)
    this.settings = new SettingsTable(sqlite)
  }

  /** Does several things as one, which is also much faster. @throws {ChatFailure} `CHAT_DATABASE` when SQLite fails; then none of them is done. */
  transaction<T> (run: () => T): T {
    this.#sqlite.exec('BEGIN IMMEDIATE')
    try {
      const result = run()
      this.#sqlite.exec('COMMIT')
      return result
    } catch (error) {
      try { this.#sqlite.exec('ROLLBACK') } catch {}
      if (error instanceof ChatFailure || !isSqliteError(error)) throw error
      throw new ChatFailure('CHAT_DATABASE', error.message, { reason: error.message }, { cause: error })
    }
  }

  close (): void {
    this.#sqlite.close()
  }
}

function isSqliteError (error: unknown): error is Error {
  return error instanceof Error && error.name === 'SqliteError'
}
