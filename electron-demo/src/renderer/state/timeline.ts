import { signal } from '@preact/signals'
import { limits, type ChatError, type ChatMessage, type MessageWindow, type Result, type RoomChange } from '../../shared/ipc.js'
import { MessageCache } from './message-cache.js'

/** A message that was written here and that the engine has not told of yet. */
export interface PendingMessage {
  readonly clientId: string
  readonly text: string
  readonly sentAt: number
  /** Why the engine did not take it; null while it may. */
  readonly error: ChatError | null
}

/** A row of the conversation. */
export type Row =
  | { readonly kind: 'message', readonly message: ChatMessage }
  | { readonly kind: 'pending', readonly pending: PendingMessage }
  | { readonly kind: 'missing' }

/** Asks for a window of the room. */
export type AskForWindow = (from: number, limit: number) => Promise<Result<MessageWindow>>

/** Messages fetched beyond those on screen, to either side. */
const margin = 60

/** How long a window that failed is not asked for again, in milliseconds. */
const pauseMs = 1000

/** A room as it is shown: messages by index, then those on their way to the engine. */
export class Timeline {
  /** Grows with each change of what is to be shown. */
  readonly version = signal(0)
  readonly #cache: MessageCache
  readonly #ask: AskForWindow
  #pending: readonly PendingMessage[] = []
  #wanted: { readonly from: number, readonly to: number } | undefined
  #isFetching = false
  #pausedUntil = 0

  constructor (count: number, ask: AskForWindow) {
    this.#cache = new MessageCache(count)
    this.#ask = ask
    this.want(count - 1, count)
  }

  /** Messages that the engine has. */
  get count (): number {
    return this.#cache.count
  }

  /** Rows to show. */
  get numRows (): number {
    return this.count + this.#pending.length
  }

  get pending (): readonly PendingMessage[] {
    return this.#pending
  }

  row (index: number): Row {
    const pending = this.#pending[index - this.count]
    if (pending !== undefined) return { kind: 'pending', pending }
    const message = this.#cache.at(index)
    return message === undefined ? { kind: 'missing' } : { kind: 'message', message }
  }

  /** A key for the row at an index that older messages do not change. */
  keyOf (index: number): number {
    return this.#cache.placeOf(index)
  }

  indexOfKey (key: number): number {
    return this.#cache.indexOf(key)
  }

  indexOfId (id: number): number | undefined {
    return this.#cache.indexOfId(id)
  }

  apply (change: RoomChange): void {
    this.#cache.apply(change)
    this.#settle(change.appended)
    this.version.value++
    if (change.isReordered || change.appended.length < change.numAppended) this.#fetchWanted()
  }

  /** Says which rows are on screen, the second index exclusive, so that they and those around are fetched. */
  want (from: number, to: number): void {
    this.#wanted = { from: from - margin, to: to + margin }
    this.#cache.trim(from)
    this.#fetchWanted()
  }

  /** Fetches everything again, as after another engine took over. */
  invalidate (count: number): void {
    this.#cache.invalidate(count)
    this.#pausedUntil = 0
    this.version.value++
    this.#fetchWanted()
  }

  addPending (message: PendingMessage): void {
    this.#pending = [...this.#pending.filter(({ clientId }) => clientId !== message.clientId), message]
    this.version.value++
  }

  failPending (clientId: string, error: ChatError): void {
    this.#pending = this.#pending.map((message) => message.clientId === clientId ? { ...message, error } : message)
    this.version.value++
  }

  /** Forgets a message on its way, because the engine has it. */
  removePending (clientId: string): void {
    if (!this.#pending.some((message) => message.clientId === clientId)) return
    this.#pending = this.#pending.filter((message) => message.clientId !== clientId)
    this.version.value++
  }

  #settle (messages: readonly ChatMessage[]): void {
    if (this.#pending.length === 0) return
    const there = new Set(messages.map(({ clientId }) => clientId))
    if (this.#pending.some(({ clientId }) => there.has(clientId))) this.#pending = this.#pending.filter(({ clientId }) => !there.has(clientId))
  }

  #fetchWanted (): void {
    if (this.#isFetching || this.#wanted === undefined || Date.now() < this.#pausedUntil) return
    const range = this.#cache.missing(this.#wanted.from, this.#wanted.to)
    if (range === undefined) return
    // Scrolling goes on in one of the two directions, and a window of more rows costs little.
    const from = Math.max(0, range.from - margin)
    this.#isFetching = true
    void this.#fetch(from, Math.min(range.from + range.limit + margin - from, limits.windowSize))
  }

  async #fetch (from: number, limit: number): Promise<void> {
    const result = await this.#ask(from, limit)
    this.#isFetching = false
    if (result.ok) {
      // An empty answer to a question about messages that should be there would be asked again for ever.
      if (!this.#cache.put(result.value) || result.value.messages.length === 0) this.#pause()
      this.#settle(result.value.messages)
      this.version.value++
    } else {
      this.#pause()
    }
    this.#fetchWanted()
  }

  #pause (): void {
    this.#pausedUntil = Date.now() + pauseMs
    setTimeout(() => { this.#fetchWanted() }, pauseMs + 10)
  }
}
