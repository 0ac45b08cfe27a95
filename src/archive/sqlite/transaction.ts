import type { SqliteConnection } from './driver.js'

/** Runs `work` in one transaction: all of it or nothing is kept. */
export function inTransaction<T> (connection: SqliteConnection, work: () => T): T {
  // IMMEDIATE, so that it waits for another writer here and never fails half-way because of one.
  connection.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    connection.exec('COMMIT')
    return result
  } catch (error) {
    // After some failures, a full disk among them, SQLite has rolled back by itself and refuses.
    try { connection.exec('ROLLBACK') } catch {}
    throw error
  }
}
