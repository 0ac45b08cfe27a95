import { resolve } from 'node:path'
import { hashToHex } from '../../message.js'
import type { MessageHash, ReceivedMessage } from '../../message.js'
import type { StorePage, StoreQuery } from '../../store.js'
import { applyPolicy } from '../apply-policy.js'
import { archiveClosed, cursorNotFound, toArchiveError } from '../archive-failure.js'
import type { Archive, ArchiveStats, RetentionPolicy } from '../archive.js'
import { pageSizeOf, toPage } from '../page.js'
import type { PageRange } from '../page-range.js'
import { compareKeys, isInRange, rangeOf, wholeRange } from '../page-range.js'
import type { SqliteConnection, SqliteDriver } from './driver.js'
import { failureOf } from './failure-of.js'
import { loadSqliteDriver } from './load-driver.js'
import { MessageTable } from './message-table.js'
import type { HashEntry, IndexEntry, Lane } from './message-table.js'
import { openDatabase } from './open-database.js'
import { inTransaction } from './transaction.js'

/** Where an SQLite archive lies and how it is reached. */
export interface SqliteArchiveOptions {
  /** A file, relative to the working directory, or `:memory:`. */
  readonly path: string
  /** How long to wait for another process that holds the file, in milliseconds; 5 000 by default. */
  readonly busyTimeoutMs?: number | undefined
  /** The best one for this runtime by default. */
  readonly driver?: SqliteDriver | SqliteDriver['name'] | undefined
}

/**
 * Keeps messages in an SQLite file. Each call blocks the thread while it works, so it belongs on one of its own;
 * a call that fails has changed nothing.
 */
export class SqliteArchive implements Archive {
  readonly #path: string
  readonly #url: string
  readonly #options: SqliteArchiveOptions
  #driver: SqliteDriver | undefined
  #connection: SqliteConnection | undefined
  #table: MessageTable | undefined

  constructor (options: SqliteArchiveOptions) {
    // Absolute, because a name such as `file:x` or `http://x` has a meaning of its own to some drivers.
    this.#path = options.path === ':memory:' ? options.path : resolve(options.path)
    this.#url = `sqlite://${options.path}`
    this.#options = options
  }

  async open (): Promise<void> {
    const { driver, busyTimeoutMs = 5000 } = this.#options
    await this.#attempt(async () => {
      this.#driver = typeof driver === 'object' ? driver : await loadSqliteDriver(driver)
      const connection = openDatabase(this.#driver, this.#path, this.#url, busyTimeoutMs)
      this.#table = new MessageTable(connection)
      this.#connection = connection
    })
  }

  async insert (messages: readonly ReceivedMessage[]): Promise<number> {
    return await this.#attempt(() => this.#change((table) => {
      const numNew = table.insert(messages)
      table.addToCount(numNew)
      return numNew
    }))
  }

  async query (query: StoreQuery): Promise<StorePage> {
    return await this.#attempt(() => {
      const table = this.#opened().table
      const cursor = query.paginationCursor === undefined ? undefined : table.findByHash(query.paginationCursor)
      if (query.paginationCursor !== undefined && cursor === undefined) throw cursorNotFound()
      const range = rangeOf(query, cursor)
      const walked = range === undefined ? [] : this.#walk(table, query, range)
      return toPage(query, walked, (hits) => query.includeData === false
        ? hits.map(({ hash }) => ({ messageHash: hashToHex(hash) }))
        : table.read(hits))
    })
  }

  async has (messageHashes: readonly MessageHash[]): Promise<ReadonlySet<MessageHash>> {
    return await this.#attempt(() => {
      const { table } = this.#opened()
      return new Set(messageHashes.filter((hash) => table.findByHash(hash) !== undefined))
    })
  }

  async applyRetention (policy: RetentionPolicy): Promise<number> {
    return await applyPolicy(policy, {
      stats: async () => await this.stats(),
      deleteOldest: async (limit, range) => await this.#attempt(() => this.#deleteOldest(limit, range))
    })
  }

  async stats (): Promise<ArchiveStats> {
    return await this.#attempt(() => {
      const { table } = this.#opened()
      const lanes = table.lanesOf(undefined, undefined)
      return {
        numMessages: table.count(),
        sizeBytes: this.#sizeBytes(),
        oldestTimestamp: table.walk(lanes, wholeRange, 1, true)[0]?.timestamp,
        newestTimestamp: table.walk(lanes, wholeRange, 1, false)[0]?.timestamp
      }
    })
  }

  async close (): Promise<void> {
    const connection = this.#connection
    this.#connection = undefined
    this.#table = undefined
    if (connection === undefined) return
    // What SQLite does with the last connection; a driver may keep it open until its statements are collected.
    // Fails when another process reads just then, which is no harm: the log is used at the next start.
    try { connection.exec('PRAGMA wal_checkpoint(TRUNCATE)') } catch {}
    await this.#attempt(() => connection.close())
  }

  // One entry more than the page holds, when there is one.
  #walk (table: MessageTable, query: StoreQuery, range: PageRange): IndexEntry[] {
    const { pubsubTopic, contentTopics, messageHashes, paginationForward: forward = true } = query
    const lanes = table.lanesOf(pubsubTopic, contentTopics)
    const limit = pageSizeOf(query) + 1
    if (messageHashes === undefined || messageHashes.length === 0) return table.walk(lanes, range, limit, forward)
    return [...new Set(messageHashes)]
      .map((hash) => table.findByHash(hash))
      .filter((entry): entry is HashEntry => entry !== undefined && isInRange(entry, range) && lanes.some((lane) => isInLane(entry, lane)))
      .sort(forward ? compareKeys : (a, b) => compareKeys(b, a))
      .slice(0, limit)
  }

  #deleteOldest (limit: number, range: PageRange): number {
    return this.#change((table) => {
      const numGone = table.delete(table.walk(table.lanesOf(undefined, undefined), range, limit, true))
      table.addToCount(-numGone)
      return numGone
    })
  }

  #sizeBytes (): number {
    const { connection } = this.#opened()
    const [pages = 0, freePages = 0, pageSize = 0] = ['page_count', 'freelist_count', 'page_size']
      .map((name) => Number(connection.prepare(`PRAGMA ${name}`).all([])[0]?.[0]))
    return (pages - freePages) * pageSize
  }

  #change<T> (work: (table: MessageTable) => T): T {
    const { connection, table } = this.#opened()
    return inTransaction(connection, () => work(table))
  }

  #opened (): { connection: SqliteConnection, table: MessageTable } {
    if (this.#connection === undefined || this.#table === undefined) throw archiveClosed(this.#url)
    return { connection: this.#connection, table: this.#table }
  }

  async #attempt<T> (work: () => T | Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw toArchiveError(error, this.#url, failureOf(this.#driver?.resultCodeOf(error)))
    }
  }
}

function isInLane (entry: HashEntry, lane: Lane): boolean {
  return 'topicKey' in lane ? Buffer.compare(entry.topicKey, lane.topicKey) === 0 : entry.pubsubId === lane.pubsubId
}
