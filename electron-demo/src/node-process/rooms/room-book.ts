import { limits, type ChatError, type ChatMessage, type HistoryState, type MessageState, type MessageWindow, type RoomChange } from '../../shared/ipc.js'
import { ChatFailure } from '../chat-failure.js'
import type { Database } from '../database/database.js'
import type { NewMessage } from '../database/message-table.js'
import { ChangeFeed } from './change-feed.js'
import { RoomState } from './room-state.js'

/** A message that came from the network. Times are microseconds since the Unix epoch. */
export type Incoming = Pick<NewMessage, 'roomId' | 'sentAtUs' | 'hash' | 'uid' | 'nick' | 'text'>

/** A live message that is late by no more than this goes to the end all the same, in microseconds: clocks differ. */
const latenessUs = 10_000_000

/** The rooms the user is in and what was said there: the one place that changes either, in the database and for windows. */
export class RoomBook {
  readonly #database: Database
  readonly #rooms = new Map<string, RoomState>()
  readonly #feed: ChangeFeed

  constructor (database: Database, tell: (changes: readonly RoomChange[]) => void) {
    this.#database = database
    for (const record of database.rooms.all()) this.#rooms.set(record.id, new RoomState(record, database.messages))
    this.#feed = new ChangeFeed((roomId) => this.#rooms.get(roomId), tell)
  }

  get all (): readonly RoomState[] {
    return [...this.#rooms.values()]
  }

  find (roomId: string): RoomState | undefined {
    return this.#rooms.get(roomId)
  }

  /** @throws {ChatFailure} `CHAT_NO_ROOM` */
  get (roomId: string): RoomState {
    const room = this.#rooms.get(roomId)
    if (room === undefined) throw new ChatFailure('CHAT_NO_ROOM', 'there is no such room', { roomId })
    return room
  }

  /** Adds a room, unless it is there. */
  add (roomId: string): RoomState {
    const known = this.#rooms.get(roomId)
    if (known !== undefined) return known
    if (this.#rooms.size >= limits.rooms) throw new ChatFailure('CHAT_INVALID_ROOM', 'there are too many rooms', { reason: 'too-long' })
    const joinedAt = nowUs()
    this.#database.rooms.insert(roomId, joinedAt)
    const room = new RoomState({ id: roomId, joinedAt, draft: '', readPosition: joinedAt, caughtUpAt: null, hasOlder: true }, this.#database.messages)
    this.#rooms.set(roomId, room)
    return room
  }

  /** Forgets a room and what was said there. */
  remove (roomId: string): void {
    const { id } = this.get(roomId)
    this.#database.transaction(() => {
      this.#database.messages.deleteRoom(id)
      this.#database.rooms.remove(id)
    })
    this.#rooms.delete(id)
    this.#feed.forget(id)
  }

  /** Keeps messages that came from the network; those that are there already are left out. @returns what is new. */
  receive (messages: readonly Incoming[], isHistory: boolean): ChatMessage[] {
    return this.#database.transaction(() => messages.flatMap((incoming) => {
      const room = this.#rooms.get(incoming.roomId)
      if (room === undefined) return []
      const position = this.#positionOf(room, incoming.sentAtUs, isHistory)
      const kept = this.#keep(room, { ...incoming, position, isOwn: false, state: 'received', clientId: null })
      return kept === undefined ? [] : [kept]
    }))
  }

  /** Keeps what the user wrote. With it everything before counts as read. */
  write (message: Omit<NewMessage, 'position' | 'isOwn' | 'state'>): ChatMessage {
    const known = message.clientId === null ? undefined : this.#database.messages.getByClientId(message.clientId)
    if (known !== undefined) return known
    const room = this.get(message.roomId)
    const position = Math.max(message.sentAtUs, room.lastPosition + 1)
    const kept = this.#database.transaction(() => this.#keep(room, { ...message, position, isOwn: true, state: 'sending' }))
    if (kept === undefined) throw new ChatFailure('CHAT_INTERNAL', 'a message of the same hash is there already')
    this.#read(room, position)
    return kept
  }

  /** Notes where an own message is on its way. A message of a room that was left is gone. */
  setState (id: number, state: MessageState, error: ChatError | null = null): ChatMessage | undefined {
    this.#database.messages.setState(id, state, error)
    const message = this.#database.messages.get(id)
    const room = message === undefined ? undefined : this.#rooms.get(message.roomId)
    if (message === undefined || room === undefined) return undefined
    room.revision++
    if (room.lastMessage?.id === id) room.lastMessage = message
    this.#feed.updated(message)
    return message
  }

  /** @throws {ChatFailure} `CHAT_NO_ROOM` */
  window (roomId: string, from: number, limit: number): MessageWindow {
    const room = this.get(roomId)
    // Whoever reads this window has been told of everything that is in it.
    this.#feed.flush()
    const start = Math.min(room.count, Math.max(0, from < 0 ? room.count + from : from))
    const messages = this.#database.messages.window(roomId, start, Math.min(limit, limits.windowSize), room.count)
    return { roomId, from: start, messages, count: room.count, revision: room.revision }
  }

  markRead (roomId: string, upToIndex: number): void {
    const room = this.get(roomId)
    const position = upToIndex >= room.count - 1 ? room.lastPosition : this.#database.messages.positionAt(roomId, Math.max(0, upToIndex))
    if (position !== undefined && Number.isFinite(position)) this.#read(room, position)
  }

  saveDraft (roomId: string, draft: string): void {
    const room = this.get(roomId)
    room.draft = draft
    this.#database.rooms.setDraft(roomId, draft)
  }

  /** Notes what is going on with a room's history. */
  setHistory (roomId: string, change: Partial<HistoryState>): HistoryState | undefined {
    const room = this.#rooms.get(roomId)
    if (room === undefined) return undefined
    if (change.hasOlder !== undefined && change.hasOlder !== room.history.hasOlder) this.#database.rooms.setHasOlder(roomId, change.hasOlder)
    room.history = { ...room.history, ...change }
    return room.history
  }

  /** Until then, in microseconds since the Unix epoch, nothing is missing in a room. */
  setCaughtUp (roomIds: Iterable<string>, atUs: number): void {
    this.#database.transaction(() => {
      for (const roomId of roomIds) {
        const room = this.#rooms.get(roomId)
        if (room === undefined || atUs <= (room.caughtUpAt ?? 0)) continue
        room.caughtUpAt = atUs
        room.history = { ...room.history, caughtUpAt: Math.floor(atUs / 1000) }
        this.#database.rooms.setCaughtUpAt(roomId, atUs)
      }
    })
  }

  /** Tells windows everything at once. */
  flush (): void {
    this.#feed.flush()
  }

  #keep (room: RoomState, message: NewMessage): ChatMessage | undefined {
    const id = this.#database.messages.insert(message)
    if (id === undefined) return undefined
    const { roomId, sentAtUs, hash: messageHash, nick, text, isOwn, state, clientId } = message
    const kept: ChatMessage = { id, roomId, nick, text, sentAt: Math.floor(sentAtUs / 1000), isOwn, state, error: null, messageHash, clientId }
    const where = room.place(message.position, isOwn)
    if (where === 'end') {
      room.lastMessage = kept
      this.#feed.appended(kept)
    } else if (where === 'start') {
      this.#feed.prepended(room.id)
    } else {
      this.#feed.reordered(room.id)
    }
    return kept
  }

  #positionOf (room: RoomState, sentAtUs: number, isHistory: boolean): number {
    // Nobody stays at the end of a room for ever because their clock is ahead.
    const position = Math.min(sentAtUs, nowUs())
    const isLate = position <= room.lastPosition
    return !isHistory && isLate && position > room.lastPosition - latenessUs ? room.lastPosition + 1 : position
  }

  #read (room: RoomState, position: number): void {
    if (!room.read(position)) return
    this.#database.rooms.setReadPosition(room.id, position)
    this.#feed.touched(room.id)
  }
}

/** The current time in microseconds since the Unix epoch. */
export function nowUs (): number {
  return Date.now() * 1000
}
