import { isMessageHash, type MessageHash, type WakuNode } from 'nwaku-desktop'
import type { Database } from '../database/database.js'
import type { MessageUnderWay } from '../database/message-table.js'
import type { StoreFinder } from '../node/store-finder.js'
import type { RoomBook } from '../rooms/room-book.js'

/** Waits before a message is looked for the first, second … time, in milliseconds; the last one goes on. */
const lookDelaysMs = [250, 500, 1000, 2000, 4000, 8000, 15_000, 30_000]

/** After so many answers that it is not there a message is sent once more: it went to somebody who did not pass it on. */
const answersBeforeRepeat = 4
const maxRepeats = 2

/** Older messages are not looked for any more, in milliseconds. */
const maxAgeMs = 600_000

/** How many messages are looked for at a time, the newest. */
const batchSize = 200

const intervalMs = 250

interface Look {
  numLooks: number
  numAnswers: number
  numRepeats: number
  nextAt: number
}

/** Looks for what was sent in a store: only there it is safe. */
export class StoreChecker {
  readonly #database: Database
  readonly #book: RoomBook
  readonly #stores: StoreFinder
  readonly #hooks: { node (): WakuNode | undefined, repeat (message: MessageUnderWay): Promise<void> }
  readonly #looks = new Map<number, Look>()
  #timer: NodeJS.Timeout | undefined
  #isBusy = false

  constructor (database: Database, book: RoomBook, stores: StoreFinder, hooks: { node (): WakuNode | undefined, repeat (message: MessageUnderWay): Promise<void> }) {
    this.#database = database
    this.#book = book
    this.#stores = stores
    this.#hooks = hooks
  }

  start (): void {
    this.#timer ??= setInterval(() => { void this.#tick() }, intervalMs)
  }

  stop (): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #tick (): Promise<void> {
    if (this.#isBusy || this.#hooks.node() === undefined) return
    this.#isBusy = true
    try {
      const due = this.#due()
      if (due.length > 0) await this.#look(due)
    } catch {
      // No store answers; the next look is later.
    } finally {
      this.#isBusy = false
    }
  }

  #due (): MessageUnderWay[] {
    const now = Date.now()
    const candidates = this.#database.messages.newestSent(batchSize).filter(({ sentAt }) => now - sentAt < maxAgeMs)
    const ids = new Set(candidates.map(({ id }) => id))
    for (const id of this.#looks.keys()) if (!ids.has(id)) this.#looks.delete(id)
    return candidates.filter((message) => {
      const look = this.#lookOf(message)
      return look.nextAt <= now
    })
  }

  async #look (due: readonly MessageUnderWay[]): Promise<void> {
    for (const { id } of due) this.#postpone(id)
    const hashes = due.map(({ messageHash }) => messageHash).filter((hash): hash is MessageHash => isMessageHash(hash))
    const presence = await this.#stores.ask(this.#hooks.node(), async (node, peer) => await node.queryPresence(hashes, { peer }))
    for (const message of due) {
      if (presence.get(message.messageHash as MessageHash) === true) {
        this.#looks.delete(message.id)
        this.#book.setState(message.id, 'stored')
      } else {
        await this.#maybeRepeat(message)
      }
    }
  }

  async #maybeRepeat (message: MessageUnderWay): Promise<void> {
    const look = this.#lookOf(message)
    if (++look.numAnswers < answersBeforeRepeat || look.numRepeats >= maxRepeats) return
    look.numRepeats++
    look.numAnswers = 0
    look.numLooks = 0
    look.nextAt = Date.now() + (lookDelaysMs[0] ?? 0)
    await this.#hooks.repeat(message).catch(() => {})
  }

  #lookOf ({ id, sentAt }: MessageUnderWay): Look {
    let look = this.#looks.get(id)
    if (look === undefined) this.#looks.set(id, look = { numLooks: 0, numAnswers: 0, numRepeats: 0, nextAt: sentAt + (lookDelaysMs[0] ?? 0) })
    return look
  }

  #postpone (id: number): void {
    const look = this.#looks.get(id)
    if (look === undefined) return
    look.numLooks++
    look.nextAt = Date.now() + (lookDelaysMs[Math.min(look.numLooks, lookDelaysMs.length - 1)] ?? 0)
  }
}
