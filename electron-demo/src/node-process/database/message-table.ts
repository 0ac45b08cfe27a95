import type { ChatError, ChatMessage, MessageState } from '../../shared/ipc.js'
import type { Sqlite, SqlValue } from './open-database.js'

/** A message to be kept. Times are microseconds since the Unix epoch. */
export interface NewMessage {
  readonly roomId: string
  readonly position: number
  readonly sentAtUs: number
  readonly hash: string
  readonly uid: string | null
  readonly nick: string
  readonly text: string
  readonly isOwn: boolean
  readonly state: MessageState
  readonly clientId: string | null
}

/** An own message on its way. */
export interface MessageUnderWay extends ChatMessage {
  readonly uid: string
  readonly sentAtUs: number
}

interface Row {
  readonly id: number
  readonly room_id: string
  readonly position: number
  readonly sent_at: number
  readonly hash: string
  readonly uid: string | null
  readonly nick: string
  readonly text: string
  readonly is_own: number
  readonly state: MessageState
  readonly error: string | null
  readonly client_id: string | null
}

/** The messages of all rooms. */
export class MessageTable {
  readonly #statements

  constructor (sqlite: Sqlite) {
    this.#statements = {
      insert: sqlite.prepare(`INSERT INTO messages (room_id, position, sent_at, hash, uid, nick, text, is_own, state, client_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`),
      count: sqlite.prepare<{ n: number }>('SELECT count(*) AS n FROM messages WHERE room_id = ?'),
      rank: sqlite.prepare<{ n: number }>('SELECT count(*) AS n FROM messages WHERE room_id = ? AND position <= ?'),
      unread: sqlite.prepare<{ n: number }>('SELECT count(*) AS n FROM messages WHERE room_id = ? AND position > ? AND is_own = 0'),
      ends: sqlite.prepare<{ first: number | null, last: number | null }>('SELECT (SELECT min(position) FROM messages WHERE room_id = ?1) AS first, (SELECT max(position) FROM messages WHERE room_id = ?1) AS last'),
      fromStart: sqlite.prepare<Row>('SELECT * FROM messages WHERE room_id = ? ORDER BY position, id LIMIT ? OFFSET ?'),
      fromEnd: sqlite.prepare<Row>('SELECT * FROM messages WHERE room_id = ? ORDER BY position DESC, id DESC LIMIT ? OFFSET ?'),
      byId: sqlite.prepare<Row>('SELECT * FROM messages WHERE id = ?'),
      byClientId: sqlite.prepare<Row>('SELECT * FROM messages WHERE client_id = ?'),
      positionAt: sqlite.prepare<{ position: number }>('SELECT position FROM messages WHERE room_id = ? ORDER BY position, id LIMIT 1 OFFSET ?'),
      sending: sqlite.prepare<Row>('SELECT * FROM messages WHERE state = \'sending\' ORDER BY id LIMIT ?'),
      newestSent: sqlite.prepare<Row>('SELECT * FROM messages WHERE state = \'sent\' ORDER BY id DESC LIMIT ?'),
      lonely: sqlite.prepare<{ id: number }>('SELECT id FROM messages WHERE state = \'failed\' AND error LIKE \'%"WAKU_NO_PEERS"%\''),
      numSending: sqlite.prepare<{ n: number }>('SELECT count(*) AS n FROM messages WHERE state = \'sending\''),
      setState: sqlite.prepare('UPDATE messages SET state = ?, error = ? WHERE id = ?'),
      setSent: sqlite.prepare('UPDATE OR IGNORE messages SET hash = ?, sent_at = ? WHERE id = ?'),
      deleteRoom: sqlite.prepare('DELETE FROM messages WHERE room_id = ?')
    }
  }

  /** Keeps a message. @returns its number; undefined when it is there already, by its hash or by its sender's id. */
  insert ({ roomId, position, sentAtUs, hash, uid, nick, text, isOwn, state, clientId }: NewMessage): number | undefined {
    const values: SqlValue[] = [roomId, position, sentAtUs, hash, uid, nick, text, isOwn ? 1 : 0, state, clientId]
    const { changes, lastInsertRowid } = this.#statements.insert.run(values)
    return changes === 0 ? undefined : lastInsertRowid
  }

  count (roomId: string): number {
    return this.#statements.count.get([roomId])?.n ?? 0
  }

  /** How many messages of a room stand at this position or before it. */
  rank (roomId: string, position: number): number {
    return this.#statements.rank.get([roomId, position])?.n ?? 0
  }

  /** How many messages of others come after a position. */
  numUnread (roomId: string, position: number): number {
    return this.#statements.unread.get([roomId, position])?.n ?? 0
  }

  /** The positions of a room's first and last message; undefined for an empty room. */
  ends (roomId: string): { first: number, last: number } | undefined {
    const { first, last } = this.#statements.ends.get([roomId]) ?? { first: null, last: null }
    return first === null || last === null ? undefined : { first, last }
  }

  /** Reads a part of a room, oldest first. `count` is how many there are in the room: the walk begins at the nearer end. */
  window (roomId: string, from: number, limit: number, count: number): ChatMessage[] {
    const size = Math.min(limit, count - from)
    if (size <= 0) return []
    if (from <= count / 2) return this.#statements.fromStart.all([roomId, size, from]).map(toMessage)
    return this.#statements.fromEnd.all([roomId, size, count - from - size]).map(toMessage).reverse()
  }

  /** The position of the message with this index. */
  positionAt (roomId: string, index: number): number | undefined {
    return this.#statements.positionAt.get([roomId, index])?.position
  }

  get (id: number): ChatMessage | undefined {
    const row = this.#statements.byId.get([id])
    return row === undefined ? undefined : toMessage(row)
  }

  getByClientId (clientId: string): ChatMessage | undefined {
    const row = this.#statements.byClientId.get([clientId])
    return row === undefined ? undefined : toMessage(row)
  }

  /** Lists own messages that are to be sent, in the order in which they were written. */
  sending (limit: number): MessageUnderWay[] {
    return this.#statements.sending.all([limit]).map(toMessageUnderWay)
  }

  /** Lists the newest messages that were sent and not found in a store yet. */
  newestSent (limit: number): MessageUnderWay[] {
    return this.#statements.newestSent.all([limit]).map(toMessageUnderWay)
  }

  /** Numbers of the messages that failed because there was nobody to send them to. */
  get lonelyIds (): number[] {
    return this.#statements.lonely.all().map(({ id }) => id)
  }

  get numSending (): number {
    return this.#statements.numSending.get()?.n ?? 0
  }

  setState (id: number, state: MessageState, error: ChatError | null): void {
    this.#statements.setState.run([state, error === null ? null : JSON.stringify(error), id])
  }

  /** Notes the hash and the time with which a message goes out. */
  setSent (id: number, hash: string, sentAtUs: number): void {
    this.#statements.setSent.run([hash, sentAtUs, id])
  }

  deleteRoom (roomId: string): void {
    this.#statements.deleteRoom.run([roomId])
  }
}

function toMessage (row: Row): ChatMessage {
  return {
    id: row.id,
    roomId: row.room_id,
    nick: row.nick,
    text: row.text,
    sentAt: Math.floor(row.sent_at / 1000),
    isOwn: row.is_own === 1,
    state: row.state,
    error: row.error === null ? null : JSON.parse(row.error) as ChatError,
    messageHash: row.hash,
    clientId: row.client_id
  }
}

function toMessageUnderWay (row: Row): MessageUnderWay {
  return { ...toMessage(row), uid: row.uid ?? '', sentAtUs: row.sent_at }
}
