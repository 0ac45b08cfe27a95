import type { SqliteDriver } from './driver.js'
import { loadLibsqlDriver } from './libsql-driver.js'
import { loadNodeDriver } from './node-driver.js'

/** Loads a way to reach SQLite: the runtime's own where there is one, `libsql` elsewhere; or the one named. */
export async function loadSqliteDriver (name?: SqliteDriver['name']): Promise<SqliteDriver> {
  const own = name === 'libsql' ? undefined : loadNodeDriver()
  if (own === undefined && name === 'node:sqlite') throw new Error('this runtime has no node:sqlite')
  return own ?? await loadLibsqlDriver()
}
