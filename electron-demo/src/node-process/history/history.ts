import { maxPageSize, type WakuNode } from 'nwaku-desktop'
import type { CatchUpReport, ChatMessage, HistoryState } from '../../shared/ipc.js'
import { ChatFailure, toChatError } from '../chat-failure.js'
import type { StoreFinder } from '../node/store-finder.js'
import { nowUs, type Incoming, type RoomBook } from '../rooms/room-book.js'
import type { RoomState } from '../rooms/room-state.js'
import { readIncoming } from './read-stored.js'

/** How far before what is surely here it is asked for, in microseconds: clocks differ, and messages travel. */
const overlapUs = 20_000_000

/** How long a store may take to have a message that went past it: so long after a pass there is another, in milliseconds. */
const storeDelayMs = 2500

/** Waits between attempts while no store answers, in milliseconds; then it is given up until the next occasion. */
const retryDelaysMs = [200, 400, 800, 1500, 3000, 5000, 10_000]

/** How many pages are asked for older messages when all of them are here already. */
const maxOlderPages = 5

/** What history needs of the engine. */
export interface HistoryHooks {
  node (): WakuNode | undefined
  /** Progress, for windows. */
  tell (roomId: string, history: HistoryState): void
  caughtUp (report: CatchUpReport): void
  /** Messages of others that were missed. */
  missed (messages: readonly ChatMessage[]): void
}

/** Fetches from stores what is not here: what was missed, and what is older than all that is here. */
export class History {
  readonly #book: RoomBook
  readonly #stores: StoreFinder
  readonly #hooks: HistoryHooks
  readonly #older = new Map<string, Promise<HistoryState>>()
  #controller: AbortController | undefined
  #running: Promise<void> = Promise.resolve()
  #isCatchingUp = false

  constructor (book: RoomBook, stores: StoreFinder, hooks: HistoryHooks) {
    this.#book = book
    this.#stores = stores
    this.#hooks = hooks
  }

  /** Whether something may be missing still. */
  get isCatchingUp (): boolean {
    return this.#isCatchingUp
  }

  /** Begins to fetch what was missed, in the background, instead of what is being fetched. */
  catchUp (reason: CatchUpReport['reason'], roomIds = this.#book.all.map(({ id }) => id)): void {
    this.#controller?.abort()
    const { signal } = this.#controller = new AbortController()
    // One that was given up may have had other rooms to look after.
    const all = reason === 'join' && this.#isCatchingUp ? this.#book.all.map(({ id }) => id) : roomIds
    this.#isCatchingUp = true
    this.#running = this.#running.then(async () => await this.#catchUp(reason, all, signal)).catch(() => {})
  }

  /** Gives up what goes on. */
  stop (): void {
    this.#controller?.abort()
  }

  /** Asks for one page before the oldest message of a room. @throws {ChatFailure} `CHAT_NO_STORE`, and what a store fails with. */
  async loadOlder (roomId: string): Promise<HistoryState> {
    const known = this.#older.get(roomId)
    if (known !== undefined) return await known
    const loading = this.#loadOlder(this.#book.get(roomId)).finally(() => this.#older.delete(roomId))
    this.#older.set(roomId, loading)
    return await loading
  }

  async #catchUp (reason: CatchUpReport['reason'], roomIds: readonly string[], signal: AbortSignal): Promise<void> {
    const startedAt = performance.now()
    const isGivenUp = (): boolean => signal.aborted
    const told = (numMessages: number): void => this.#hooks.caughtUp({ at: Date.now(), reason, numMessages, tookMs: Math.round(performance.now() - startedAt), storePeer: this.#stores.lastPeer })
    for (let attempt = 0, passes = 0; passes < 2 && !signal.aborted; attempt++) {
      try {
        const numMessages = await this.#pass(roomIds, signal, passes === 0)
        if (passes++ === 0) this.#settle(roomIds)
        if (passes === 1 || numMessages > 0) told(numMessages)
        await delay(storeDelayMs, signal)
      } catch (error) {
        if (isGivenUp()) break
        const delayMs = retryDelaysMs[attempt]
        if (delayMs === undefined) {
          this.#fail(roomIds, error)
          return
        }
        await delay(delayMs, signal)
      }
    }
    if (!signal.aborted) this.#isCatchingUp = false
  }

  /** Goes through all rooms once. A room without anything gets its newest page, others what came since they were complete. */
  async #pass (roomIds: readonly string[], signal: AbortSignal, isFirst: boolean): Promise<number> {
    let numMessages = 0
    for (const roomId of roomIds) {
      const room = this.#book.find(roomId)
      if (room === undefined) continue
      if (isFirst) this.#progress(roomId, { phase: 'catching-up', numFetched: 0, error: null })
      const startedAt = nowUs()
      const fetched = room.caughtUpAt === null ? await this.#fetchNewest(room, signal) : await this.#fetchMissed(room, room.caughtUpAt, signal)
      numMessages += fetched
      this.#book.setCaughtUp([roomId], startedAt - overlapUs / 2)
    }
    return numMessages
  }

  async #fetchNewest (room: RoomState, signal: AbortSignal): Promise<number> {
    const { messages, paginationCursor } = await this.#stores.ask(this.#hooks.node(), async (node, peer) => await node.queryStore(
      { contentTopics: [room.contentTopic], paginationForward: false, paginationLimit: maxPageSize }, { peer, signal }))
    const kept = this.#book.receive(messages.flatMap((stored) => readIncoming(stored, room.id) ?? []), true)
    this.#progress(room.id, { numFetched: kept.length, hasOlder: paginationCursor !== undefined })
    return kept.length
  }

  async #fetchMissed (room: RoomState, sinceUs: number, signal: AbortSignal): Promise<number> {
    const query = { contentTopics: [room.contentTopic], timeStart: BigInt(Math.max(0, sinceUs - overlapUs)) * 1000n, paginationLimit: maxPageSize }
    return await this.#stores.ask(this.#hooks.node(), async (node, peer) => {
      let numFetched = 0
      let page: Incoming[] = []
      const keep = (): void => {
        const kept = this.#book.receive(page, true)
        page = []
        if (kept.length === 0) return
        numFetched += kept.length
        this.#hooks.missed(kept)
        this.#progress(room.id, { numFetched })
      }
      for await (const stored of node.queryStoreAll(query, { peer, signal })) {
        const incoming = readIncoming(stored, room.id)
        if (incoming !== undefined) page.push(incoming)
        if (page.length >= maxPageSize) keep()
      }
      keep()
      return numFetched
    })
  }

  async #loadOlder (room: RoomState): Promise<HistoryState> {
    this.#progress(room.id, { phase: 'loading-older', numFetched: 0, error: null })
    try {
      const timeEnd = BigInt(Number.isFinite(room.firstPosition) ? room.firstPosition : nowUs()) * 1000n + 999n
      const hasOlder = await this.#stores.ask(this.#hooks.node(), async (node, peer) => await this.#olderPages(room, node, peer, timeEnd))
      this.#progress(room.id, { phase: 'idle', hasOlder })
      return room.history
    } catch (error) {
      // Tried again when the user asks again.
      this.#progress(room.id, { phase: 'idle', error: toChatError(error) })
      throw error
    }
  }

  /** @returns whether there is more. */
  async #olderPages (room: RoomState, node: WakuNode, peer: string, timeEnd: bigint): Promise<boolean> {
    let cursor: `0x${string}` | undefined
    for (let page = 0; page < maxOlderPages; page++) {
      const { messages, paginationCursor } = await node.queryStore(
        { contentTopics: [room.contentTopic], timeEnd, paginationForward: false, paginationLimit: maxPageSize, paginationCursor: cursor }, { peer })
      const kept = this.#book.receive(messages.flatMap((stored) => readIncoming(stored, room.id) ?? []), true)
      cursor = paginationCursor
      if (cursor === undefined) return false
      if (kept.length > 0) {
        this.#progress(room.id, { numFetched: kept.length })
        return true
      }
    }
    return true
  }

  #settle (roomIds: readonly string[]): void {
    for (const roomId of roomIds) this.#progress(roomId, { phase: 'idle', error: null })
  }

  #fail (roomIds: readonly string[], error: unknown): void {
    this.#isCatchingUp = false
    const failure = toChatError(error)
    // Nobody keeps history: that is how it is, and no failure of this room.
    const isAlone = error instanceof ChatFailure && error.code === 'CHAT_NO_STORE'
    for (const roomId of roomIds) this.#progress(roomId, { phase: isAlone ? 'idle' : 'failed', error: isAlone ? null : failure })
  }

  #progress (roomId: string, change: Partial<HistoryState>): void {
    const history = this.#book.setHistory(roomId, change)
    if (history !== undefined) this.#hooks.tell(roomId, history)
  }
}

async function delay (ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
