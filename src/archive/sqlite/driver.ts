/** What SQLite stores and gives back. Integers are always `bigint`: timestamps have more digits than a number keeps. */
export type SqliteValue = string | bigint | Uint8Array | null

/** One row, in the order of the columns. */
export type SqliteRow = readonly SqliteValue[]

/** A prepared statement. */
export interface SqliteStatement {
  /** Runs it and tells how many rows changed. */
  run (parameters: readonly SqliteValue[]): number
  /** Runs it and returns every row. */
  all (parameters: readonly SqliteValue[]): SqliteRow[]
}

/** An open database. It is synchronous, so it belongs on a thread of its own. */
export interface SqliteConnection {
  exec (sql: string): void
  prepare (sql: string): SqliteStatement
  close (): void
}

/** One of the libraries through which SQLite is reached. */
export interface SqliteDriver {
  readonly name: 'node:sqlite' | 'libsql'
  /** Opens or creates a database. `path` is absolute or `:memory:`; other forms mean other things to some drivers. */
  connect (path: string): SqliteConnection
  /** Reads SQLite's (extended) result code from an error that the driver threw; undefined if it has none. */
  resultCodeOf (error: unknown): number | undefined
}
