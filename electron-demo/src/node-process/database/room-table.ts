import type { Sqlite } from './open-database.js'

/** What is kept of a room, but for its messages. Times are microseconds since the Unix epoch. */
export interface RoomRecord {
  readonly id: string
  readonly joinedAt: number
  readonly draft: string
  /** Position of the last message that was read. */
  readonly readPosition: number
  /** Until then nothing is missing. */
  readonly caughtUpAt: number | null
  readonly hasOlder: boolean
}

interface Row {
  readonly id: string
  readonly joined_at: number
  readonly draft: string
  readonly read_position: number
  readonly caught_up_at: number | null
  readonly has_older: number
}

/** The rooms the user is in. */
export class RoomTable {
  readonly #statements

  constructor (sqlite: Sqlite) {
    this.#statements = {
      all: sqlite.prepare<Row>('SELECT * FROM rooms ORDER BY joined_at, id'),
      insert: sqlite.prepare('INSERT INTO rooms (id, joined_at, read_position) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
      remove: sqlite.prepare('DELETE FROM rooms WHERE id = ?'),
      draft: sqlite.prepare('UPDATE rooms SET draft = ? WHERE id = ?'),
      read: sqlite.prepare('UPDATE rooms SET read_position = ? WHERE id = ?'),
      caughtUp: sqlite.prepare('UPDATE rooms SET caught_up_at = ? WHERE id = ?'),
      hasOlder: sqlite.prepare('UPDATE rooms SET has_older = ? WHERE id = ?')
    }
  }

  all (): RoomRecord[] {
    return this.#statements.all.all().map((row) => ({
      id: row.id,
      joinedAt: row.joined_at,
      draft: row.draft,
      readPosition: row.read_position,
      caughtUpAt: row.caught_up_at,
      hasOlder: row.has_older === 1
    }))
  }

  /** Adds a room, in which everything until now counts as read. */
  insert (id: string, joinedAt: number): void {
    this.#statements.insert.run([id, joinedAt, joinedAt])
  }

  remove (id: string): void {
    this.#statements.remove.run([id])
  }

  setDraft (id: string, draft: string): void {
    this.#statements.draft.run([draft, id])
  }

  setReadPosition (id: string, position: number): void {
    this.#statements.read.run([position, id])
  }

  setCaughtUpAt (id: string, at: number | null): void {
    this.#statements.caughtUp.run([at, id])
  }

  setHasOlder (id: string, hasOlder: boolean): void {
    this.#statements.hasOlder.run([hasOlder ? 1 : 0, id])
  }
}
