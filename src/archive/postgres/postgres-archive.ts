import type { Pool, QueryResultRow } from 'pg'
import { hashFromHex, hashToHex } from '../../message.js'
import type { MessageHash, ReceivedMessage } from '../../message.js'
import type { StorePage, StoreQuery, StoredMessage } from '../../store.js'
import { applyPolicy } from '../apply-policy.js'
import { archiveClosed, cursorNotFound, toArchiveError } from '../archive-failure.js'
import { redactUrl } from '../archive-url.js'
import type { Archive, ArchiveStats, RetentionPolicy } from '../archive.js'
import { pageSizeOf, toPage } from '../page.js'
import type { MessageKey, PageRange } from '../page-range.js'
import { compareKeys, isInRange, rangeOf, wholeRange } from '../page-range.js'
import { TopicKeys } from '../topic-key.js'
import { createPool, migrate } from './connect.js'
import { failureOf } from './failure-of.js'
import { statements } from './statements.js'

/** Where a PostgreSQL archive lies. */
export interface PostgresArchiveOptions {
  /** `postgres://<user>:<password>@<host>:<port>/<database>` */
  readonly connectionString: string
  /** How long to wait for another process that holds what a call needs, in milliseconds; 5 000 by default. */
  readonly busyTimeoutMs?: number | undefined
}

// pg gives 64-bit integers as text.
interface KeyRow { readonly timestamp: string, readonly hash: Buffer }
interface LaneRow extends KeyRow { readonly pubsub_key: Buffer, readonly topic_key: Buffer }
interface MessageRow extends KeyRow {
  readonly version: string
  readonly pubsub_topic: Buffer
  readonly content_topic: Buffer
  readonly meta: Buffer
  readonly payload: Buffer
}

type Hit = MessageKey & { readonly row: KeyRow | MessageRow }

interface Lanes { readonly column: 'topic_key' | 'pubsub_key', readonly keys: readonly Buffer[] }

/**
 * Keeps messages in a PostgreSQL database. A call that loses its connection is tried once more on a new one, which is safe for all
 * of them, as inserting is idempotent; if there is none either, it rejects with `connection-lost`, and later calls connect again.
 */
export class PostgresArchive implements Archive {
  readonly #options: PostgresArchiveOptions
  readonly #url: string
  readonly #topicKeys = new TopicKeys()
  readonly #running = new Set<Promise<unknown>>()
  #pool: Pool | undefined
  #isClosed = false

  constructor (options: PostgresArchiveOptions) {
    this.#options = options
    this.#url = redactUrl(options.connectionString)
  }

  async open (): Promise<void> {
    this.#pool = await createPool(this.#options.connectionString, this.#options.busyTimeoutMs ?? 5000)
    await this.#attempt(async (pool) => {
      const client = await pool.connect()
      try {
        await migrate(client, this.#url)
        client.release()
      } catch (error) {
        client.release(true)
        throw error
      }
    })
  }

  async insert (messages: readonly ReceivedMessage[]): Promise<number> {
    if (messages.length === 0) return 0
    const columns = [
      messages.map(({ messageHash }) => hashFromHex(messageHash)),
      messages.map(({ pubsubTopic }) => this.#pubsubKeyOf(pubsubTopic)),
      messages.map(({ pubsubTopic, message }) => this.#topicKeys.of(pubsubTopic, message.contentTopic)),
      messages.map(({ message }) => message.timestamp),
      messages.map(({ message }) => message.version),
      messages.map(({ pubsubTopic }) => Buffer.from(pubsubTopic)),
      messages.map(({ message }) => Buffer.from(message.contentTopic)),
      messages.map(({ message }) => toBuffer(message.meta)),
      messages.map(({ message }) => toBuffer(message.payload))
    ]
    return await this.#run(async () => {
      const [counted] = await this.#select<{ messages: string }>(statements.insert, columns)
      return Number(counted?.messages)
    })
  }

  async query (query: StoreQuery): Promise<StorePage> {
    return await this.#run(async () => await this.#findPage(query))
  }

  async has (messageHashes: readonly MessageHash[]): Promise<ReadonlySet<MessageHash>> {
    const rows = await this.#run(async () => await this.#select<KeyRow>(statements.keysByHash, [messageHashes.map(hashFromHex)]))
    return new Set(rows.map(({ hash }) => hashToHex(hash)))
  }

  async applyRetention (policy: RetentionPolicy): Promise<number> {
    return await applyPolicy(policy, {
      stats: async () => await this.stats(),
      deleteOldest: async (limit, range) => await this.#run(async () => await this.#deleteOldest(limit, range))
    })
  }

  async stats (): Promise<ArchiveStats> {
    return await this.#run(async () => {
      const lanes = await this.#lanesOf(undefined, undefined)
      const [[totals], [oldest], [newest]] = await Promise.all([
        this.#select<{ num_messages: string, num_bytes: string }>(statements.totals, []),
        this.#walkLanes(lanes, wholeRange, 1, { forward: true, includeData: false }),
        this.#walkLanes(lanes, wholeRange, 1, { forward: false, includeData: false })
      ])
      return {
        numMessages: Number(totals?.num_messages),
        sizeBytes: Number(totals?.num_bytes),
        oldestTimestamp: oldest?.timestamp,
        newestTimestamp: newest?.timestamp
      }
    })
  }

  async close (): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    // The pool would forget those that still wait for a connection.
    await Promise.allSettled(this.#running)
    await this.#pool?.end()
  }

  async #findPage (query: StoreQuery): Promise<StorePage> {
    const cursor = query.paginationCursor === undefined ? undefined : await this.#findKey(query.paginationCursor)
    const range = rangeOf(query, cursor)
    const walked = range === undefined ? [] : await this.#walk(query, range)
    return toPage(query, walked, (hits) => hits.map(toStored))
  }

  // One hit more than the page holds, when there is one.
  async #walk (query: StoreQuery, range: PageRange): Promise<Hit[]> {
    const { pubsubTopic, contentTopics, messageHashes = [], paginationForward: forward = true, includeData = true } = query
    const limit = pageSizeOf(query) + 1
    const lanes = await this.#lanesOf(pubsubTopic, contentTopics)
    if (messageHashes.length === 0) return await this.#walkLanes(lanes, range, limit, { forward, includeData })
    const statement = includeData ? statements.byHash : statements.keysByHash
    return (await this.#select<LaneRow>(statement, [messageHashes.map(hashFromHex)]))
      .map((row) => ({ ...toHit(row), row }))
      .filter((hit) => isInRange(hit, range) && lanes.keys.some((key) => key.equals(hit.row[lanes.column])))
      .sort(forward ? compareKeys : (a, b) => compareKeys(b, a))
      .slice(0, limit)
  }

  async #walkLanes (
    { column, keys }: Lanes, { after, before }: PageRange, limit: number, { forward, includeData }: { forward: boolean, includeData: boolean }
  ): Promise<Hit[]> {
    const walks = includeData ? statements.readMessages : statements.readKeys
    const values = [keys, after.timestamp, toBuffer(after.hash), before.timestamp, toBuffer(before.hash), limit]
    return (await this.#select<KeyRow>(walks[column][forward ? 'forward' : 'backward'], values)).map(toHit)
  }

  // Where everything on these topics lies; undefined stands for any.
  async #lanesOf (pubsubTopic: string | undefined, contentTopics: readonly string[] | undefined): Promise<Lanes> {
    const pubsubTopics = pubsubTopic !== undefined
      ? [pubsubTopic]
      : (await this.#select<{ name: Buffer }>(statements.pubsubTopics, [])).map(({ name }) => name.toString())
    if (contentTopics === undefined || contentTopics.length === 0) {
      return { column: 'pubsub_key', keys: pubsubTopics.map((topic) => this.#pubsubKeyOf(topic)) }
    }
    const distinct = [...new Set(contentTopics)]
    return { column: 'topic_key', keys: pubsubTopics.flatMap((pubsub) => distinct.map((topic) => this.#topicKeys.of(pubsub, topic))) }
  }

  #pubsubKeyOf (pubsubTopic: string): Buffer {
    // No content topic is empty, and keys of the two kinds are in columns of their own anyway.
    return this.#topicKeys.of(pubsubTopic, '')
  }

  async #findKey (messageHash: MessageHash): Promise<MessageKey> {
    const [row] = await this.#select<KeyRow>(statements.keysByHash, [[hashFromHex(messageHash)]])
    if (row === undefined) throw cursorNotFound()
    return toHit(row)
  }

  async #deleteOldest (limit: number, range: PageRange): Promise<number> {
    const lanes = await this.#lanesOf(undefined, undefined)
    const hits = await this.#walkLanes(lanes, range, limit, { forward: true, includeData: false })
    if (hits.length === 0) return 0
    const [counted] = await this.#select<{ messages: string }>(statements.delete, [hits.map(({ hash }) => hash)])
    return Number(counted?.messages)
  }

  // What is begun before `close` is finished; what comes after it is refused.
  async #run<T> (work: () => Promise<T>): Promise<T> {
    if (this.#pool === undefined || this.#isClosed) throw archiveClosed(this.#url)
    const running = work()
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  async #select<Row extends QueryResultRow> (text: string, values: unknown[]): Promise<Row[]> {
    return await this.#attempt(async (pool) => (await pool.query<Row>(text, values)).rows)
  }

  async #attempt<T> (work: (pool: Pool) => Promise<T>): Promise<T> {
    for (let isLast = false; ; isLast = true) {
      const pool = this.#pool
      if (pool === undefined) throw archiveClosed(this.#url)
      try {
        return await work(pool)
      } catch (error) {
        const reason = failureOf(error)
        // The pool learns that a connection is gone by using it, for instance after a restart of the server.
        if (reason !== 'connection-lost' || isLast) throw toArchiveError(error, this.#url, reason)
      }
    }
  }
}

function toHit (row: KeyRow | MessageRow): Hit {
  return { timestamp: BigInt(row.timestamp), hash: row.hash, row }
}

function toStored ({ timestamp, hash, row }: Hit): StoredMessage {
  const messageHash = hashToHex(hash)
  if (!('payload' in row)) return { messageHash }
  return {
    messageHash,
    pubsubTopic: row.pubsub_topic.toString(),
    message: {
      payload: row.payload,
      contentTopic: row.content_topic.toString(),
      version: Number(row.version),
      timestamp,
      ephemeral: false,
      meta: row.meta,
      proof: new Uint8Array(0)
    }
  }
}

// Other byte arrays pg would write as JSON.
function toBuffer (bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
