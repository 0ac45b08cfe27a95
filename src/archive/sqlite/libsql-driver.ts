import type { SqliteConnection, SqliteDriver, SqliteRow, SqliteStatement, SqliteValue } from './driver.js'

// Its published types are those of better-sqlite3; this is the part that is used.
interface LibsqlStatement {
  // One array, never values in a row: a lone byte array as the only argument aborts the process.
  run (parameters: readonly SqliteValue[]): { changes: number }
  all (parameters: readonly SqliteValue[]): SqliteRow[]
  raw (enabled: boolean): unknown
  safeIntegers (enabled: boolean): unknown
}
interface LibsqlDatabase {
  exec (sql: string): void
  prepare (sql: string): LibsqlStatement
  close (): void
}
type Libsql = new (path: string) => LibsqlDatabase

/** Loads the driver over `libsql`, which ships built for each platform and runs on every Node and Electron. */
export async function loadLibsqlDriver (): Promise<SqliteDriver> {
  const { default: Database } = await import('libsql') as unknown as { default: Libsql }
  return {
    name: 'libsql',
    connect: (path) => connect(new Database(path)),
    resultCodeOf
  }
}

function connect (database: LibsqlDatabase): SqliteConnection {
  return {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => toStatement(database.prepare(sql)),
    close: () => database.close()
  }
}

function toStatement (statement: LibsqlStatement): SqliteStatement {
  statement.safeIntegers(true)
  // Not for statements without columns: those it refuses.
  try { statement.raw(true) } catch {}
  return {
    run: (parameters) => statement.run(parameters).changes,
    all: (parameters) => statement.all(parameters)
  }
}

function resultCodeOf (error: unknown): number | undefined {
  const { rawCode, message } = error as { rawCode?: number, message?: string }
  if (rawCode !== undefined) return rawCode
  // A database that cannot be opened is reported in words only.
  const code = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(message ?? '')?.[1]
  return code === undefined ? undefined : Number(code)
}
