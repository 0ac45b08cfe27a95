import type { ChatMessage, HistoryState, Room } from '../../shared/ipc.js'
import { contentTopicOf } from '../chat-payload.js'
import type { MessageTable } from '../database/message-table.js'
import type { RoomRecord } from '../database/room-table.js'

/** What is known of a room without asking the database: every figure is kept up to date as messages come. */
export class RoomState {
  readonly id: string
  readonly contentTopic: string
  readonly joinedAt: number
  draft: string
  /** Microseconds since the Unix epoch; what {@link RoomRecord} holds, and the positions of the first and last message. */
  caughtUpAt: number | null
  readPosition: number
  firstPosition: number
  lastPosition: number
  count: number
  unread: number
  lastMessage: ChatMessage | null
  revision = 0
  history: HistoryState
  #firstUnreadIndex: number | undefined
  readonly #messages: MessageTable

  constructor (record: RoomRecord, messages: MessageTable) {
    this.id = record.id
    this.contentTopic = contentTopicOf(record.id)
    this.joinedAt = record.joinedAt
    this.draft = record.draft
    this.caughtUpAt = record.caughtUpAt
    this.readPosition = record.readPosition
    this.#messages = messages
    this.count = messages.count(record.id)
    const ends = messages.ends(record.id)
    this.firstPosition = ends?.first ?? Infinity
    this.lastPosition = ends?.last ?? -Infinity
    this.unread = messages.numUnread(record.id, record.readPosition)
    this.lastMessage = messages.window(record.id, this.count - 1, 1, this.count)[0] ?? null
    this.history = {
      phase: 'idle',
      numFetched: 0,
      hasOlder: record.hasOlder,
      caughtUpAt: record.caughtUpAt === null ? null : Math.floor(record.caughtUpAt / 1000),
      error: null
    }
  }

  /** Index of the first unread message. Asked of the database only after something came in between. */
  get firstUnreadIndex (): number | null {
    if (this.unread === 0) return null
    this.#firstUnreadIndex ??= this.#messages.rank(this.id, this.readPosition)
    return this.#firstUnreadIndex
  }

  /** Takes a message into account that was kept at this position. @returns where it stands. */
  place (position: number, isOwn: boolean): 'end' | 'start' | 'between' {
    this.count++
    this.revision++
    if (!isOwn && position > this.readPosition) this.unread++
    const where = position >= this.lastPosition ? 'end' : position < this.firstPosition ? 'start' : 'between'
    this.firstPosition = Math.min(position, this.firstPosition)
    this.lastPosition = Math.max(position, this.lastPosition)
    if (where === 'between' || position <= this.readPosition) this.#firstUnreadIndex = undefined
    return where
  }

  /** Everything up to this position is read. @returns false when it was already. */
  read (position: number): boolean {
    if (position <= this.readPosition) return false
    this.readPosition = position
    this.unread = this.#messages.numUnread(this.id, position)
    this.#firstUnreadIndex = undefined
    this.revision++
    return true
  }

  /** The room as a window shows it. */
  toRoom (pubsubTopic: string): Room {
    const { id, contentTopic, count, unread, firstUnreadIndex, draft, lastMessage, history } = this
    return { id, contentTopic, pubsubTopic, count, unread, firstUnreadIndex, draft, lastMessage, history }
  }
}
