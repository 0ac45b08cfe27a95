import { archiveFailed } from '../archive-failure.js'
import type { SqliteConnection, SqliteDriver } from './driver.js'
import { applicationId, migrations } from './schema.js'
import { inTransaction } from './transaction.js'

/**
 * Opens or creates the database of an archive and brings its schema up to date. Nothing is written before it is known
 * to be an archive of this package and not of a newer one.
 *
 * @param path - absolute, or `:memory:`.
 * @param busyTimeoutMs - how long to wait for another process that holds the database.
 * @throws {WakuError} `WAKU_ARCHIVE_FAILED` `newer-schema` or `other`; also what the driver throws.
 */
export function openDatabase (driver: SqliteDriver, path: string, url: string, busyTimeoutMs: number): SqliteConnection {
  const connection = driver.connect(path)
  try {
    connection.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
    const isNew = checkIdentity(connection, url)
    configure(connection, isNew)
    // Also when there is nothing to do: an archive that cannot be written is reported now, not at the first message.
    inTransaction(connection, () => migrate(connection, url))
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

// Returns whether the database is still empty.
function checkIdentity (connection: SqliteConnection, url: string): boolean {
  const isEmpty = readNumber(connection, 'SELECT count(*) FROM sqlite_schema') === 0
  const identity = readNumber(connection, 'PRAGMA application_id')
  if (identity === 0 && isEmpty) return true
  if (identity !== applicationId) throw archiveFailed('other', url, 'is an SQLite database of another application')
  refuseNewer(connection, url)
  return isEmpty
}

function configure (connection: SqliteConnection, isNew: boolean): void {
  if (isNew) connection.exec(`PRAGMA page_size = ${pageSizeBytes}`)
  connection.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -${cacheKiB};
    PRAGMA mmap_size = ${mmapBytes};
    PRAGMA wal_autocheckpoint = ${checkpointPages};
    PRAGMA journal_size_limit = ${journalLimitBytes};
  `)
}

const pageSizeBytes = 4096
const cacheKiB = 8 * 1024
const mmapBytes = 0
// Fewer checkpoints write a page that changed often fewer times; the log stays within some tens of megabytes.
const checkpointPages = 4000
const journalLimitBytes = 32 * 1024 * 1024

function migrate (connection: SqliteConnection, url: string): void {
  // Again, now that no other process can be migrating.
  const version = refuseNewer(connection, url)
  if (version === migrations.length) return
  for (const migration of migrations.slice(version)) connection.exec(migration)
  connection.exec(`PRAGMA application_id = ${applicationId}`)
  connection.exec(`PRAGMA user_version = ${migrations.length}`)
}

function refuseNewer (connection: SqliteConnection, url: string): number {
  const version = readNumber(connection, 'PRAGMA user_version')
  if (version > migrations.length) {
    throw archiveFailed('newer-schema', url, `has schema version ${version}; this release knows versions up to ${migrations.length}`)
  }
  return version
}

function readNumber (connection: SqliteConnection, sql: string): number {
  return Number(connection.prepare(sql).all([])[0]?.[0])
}
