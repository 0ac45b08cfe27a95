import { createRequire } from 'node:module'
import type { SqliteConnection, SqliteDriver, SqliteRow, SqliteStatement, SqliteValue } from './driver.js'

interface NodeStatement {
  run (...parameters: readonly SqliteValue[]): { changes: number | bigint }
  all (...parameters: readonly SqliteValue[]): Array<Record<string, SqliteValue>>
  setReadBigInts (enabled: boolean): void
}
interface NodeDatabase {
  exec (sql: string): void
  prepare (sql: string): NodeStatement
  close (): void
}
interface NodeSqlite {
  readonly DatabaseSync: new (path: string) => NodeDatabase
}

/** Loads the driver over `node:sqlite`; undefined on runtimes that lack it (Node 20, Electron on it). */
export function loadNodeDriver (): SqliteDriver | undefined {
  let sqlite: NodeSqlite
  try {
    sqlite = withoutExperimentalWarning(() => createRequire(import.meta.url)('node:sqlite') as NodeSqlite)
  } catch {
    return undefined
  }
  return {
    name: 'node:sqlite',
    connect: (path) => connect(new sqlite.DatabaseSync(path)),
    resultCodeOf: (error) => (error as { errcode?: number } | null)?.errcode
  }
}

function connect (database: NodeDatabase): SqliteConnection {
  return {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => toStatement(database.prepare(sql)),
    close: () => database.close()
  }
}

function toStatement (statement: NodeStatement): SqliteStatement {
  statement.setReadBigInts(true)
  return {
    run: (parameters) => Number(statement.run(...parameters).changes),
    // Rows as arrays are an option only from 22.16 on.
    all: (parameters) => statement.all(...parameters).map((row): SqliteRow => Object.values(row))
  }
}

// Node 22 announces on the first import that the module is experimental. Users of an app can do nothing about that;
// the few calls made here have not changed since the module appeared. All other warnings pass.
function withoutExperimentalWarning<T> (load: () => T): T {
  const warned = Object.getOwnPropertyDescriptor(process, 'emitWarning')
  const emitWarning = process.emitWarning.bind(process) as (...args: unknown[]) => void
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes('SQLite')) emitWarning(warning, ...rest)
  }
  try {
    return load()
  } finally {
    if (warned !== undefined) Object.defineProperty(process, 'emitWarning', warned)
  }
}
