import { mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import Libsql from 'libsql'
import { ChatFailure } from '../chat-failure.js'
import { schema, schemaVersion } from './schema.js'

/** What SQLite takes and gives here: no bytes and no big numbers are kept. */
export type SqlValue = string | number | null

/** A prepared statement. Parameters come as one array. */
export interface Statement<Row> {
  run (parameters?: readonly SqlValue[]): { readonly changes: number, readonly lastInsertRowid: number }
  get (parameters?: readonly SqlValue[]): Row | undefined
  all (parameters?: readonly SqlValue[]): Row[]
}

/** The part of the driver that is used. */
export interface Sqlite {
  exec (sql: string): void
  prepare<Row = never> (sql: string): Statement<Row>
  close (): void
}

/**
 * Opens the chat's database and brings it up to date. A damaged one is put aside, because a chat that does not start at all is worse.
 *
 * @returns the database, and where a damaged one is now.
 * @throws {ChatFailure} `CHAT_DATABASE` when it cannot be opened, or was written by a newer version.
 */
export function openDatabase (path: string): { sqlite: Sqlite, damagedPath: string | undefined } {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    return { sqlite: open(path), damagedPath: undefined }
  } catch (error) {
    if (!isDamage(error)) throw failure(error)
    const damagedPath = `${path}.damaged-${Date.now()}`
    renameSync(path, damagedPath)
    return { sqlite: open(path), damagedPath }
  }
}

function open (path: string): Sqlite {
  const sqlite = new (Libsql as unknown as new (path: string) => Sqlite)(path)
  try {
    // What is lost at a power cut comes back from a store; a crash of the process loses nothing.
    sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 3000; PRAGMA cache_size = -16000')
    migrate(sqlite)
    return sqlite
  } catch (error) {
    sqlite.close()
    throw error
  }
}

function migrate (sqlite: Sqlite): void {
  const version = sqlite.prepare<{ user_version: number }>('PRAGMA user_version').get()?.user_version ?? 0
  if (version > schemaVersion) throw new ChatFailure('CHAT_DATABASE', 'the database was written by a newer version of this app', { reason: 'newer' })
  if (version === schemaVersion) return
  sqlite.exec(`BEGIN IMMEDIATE; ${schema}; PRAGMA user_version = ${schemaVersion}; COMMIT`)
}

function isDamage (error: unknown): boolean {
  return error instanceof Error && /not a database|malformed|corrupt/i.test(error.message)
}

function failure (error: unknown): ChatFailure {
  if (error instanceof ChatFailure) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new ChatFailure('CHAT_DATABASE', `the database cannot be opened: ${reason}`, { reason }, { cause: error })
}
