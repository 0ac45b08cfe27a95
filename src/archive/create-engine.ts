import { parseArchiveUrl } from './archive-url.js'
import type { Archive } from './archive.js'
import { PostgresArchive } from './postgres/postgres-archive.js'
import { SqliteArchive } from './sqlite/sqlite-archive.js'
import type { ArchiveEngineOptions } from './worker-protocol.js'

/**
 * Makes the engine for a URL, still closed. It blocks the thread while it works: {@link openArchive} puts it on its own.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT` for `store.url`.
 */
export function createEngine (url: string, { busyTimeoutMs, sqliteDriver }: ArchiveEngineOptions = {}): Archive {
  const location = parseArchiveUrl(url)
  if (location.engine === 'sqlite') return new SqliteArchive({ path: location.path, busyTimeoutMs, driver: sqliteDriver })
  return new PostgresArchive({ connectionString: location.connectionString, busyTimeoutMs })
}
