import type { MessageHash, ReceivedMessage } from '../message.js'
import type { StorePage, StoreQuery } from '../store.js'

/**
 * A place that keeps messages and finds them again. Private API for implementors: arguments are checked,
 * and nothing is called before `open` or after `close`.
 *
 * Kept are hash, pubsub topic, content topic, payload, version, timestamp and meta, as nwaku does;
 * `ephemeral` and `proof` are not. The order is ascending by timestamp, then by hash (bytewise).
 * Failures are `WAKU_ARCHIVE_FAILED`.
 */
export interface Archive {
  /** Opens or creates the archive, brings its schema up to date, and never changes one that is newer than it knows. */
  open (): Promise<void>

  /**
   * Keeps messages; those whose hash is known already are passed over. All or none of one call is kept.
   *
   * @returns how many were new.
   */
  insert (messages: readonly ReceivedMessage[]): Promise<number>

  /**
   * Finds one page. `paginationLimit` is from 1 to 100; the cursor is the hash of the last message walked, exclusive.
   *
   * @throws {WakuError} `WAKU_STORE_FAILED` 300 with nwaku's text when the cursor is not a message of the archive.
   */
  query (query: StoreQuery): Promise<StorePage>

  /** Tells which of these hashes are kept. */
  has (messageHashes: readonly MessageHash[]): Promise<ReadonlySet<MessageHash>>

  /** Deletes what the policies do not keep, oldest first, in steps short enough for inserts to come between. @returns how many messages went. */
  applyRetention (policy: RetentionPolicy): Promise<number>

  /** Counts messages and bytes on disk. */
  stats (): Promise<ArchiveStats>

  /** Finishes what was begun and releases everything. */
  close (): Promise<void>
}

/** What to keep: a message stays only if every rule that is given lets it stay. */
export interface RetentionPolicy {
  /** Messages with a timestamp up to this old, in seconds. */
  readonly maxAgeSeconds?: number | undefined
  /** This many of the newest messages; deletion starts when 1.3 times as many are there, as in nwaku. */
  readonly maxMessages?: number | undefined
  /** Bytes of live data on disk. */
  readonly maxSizeBytes?: number | undefined
}

/** The size of an archive. */
export interface ArchiveStats {
  readonly numMessages: number
  readonly sizeBytes: number
  /** Nanoseconds since the Unix epoch; absent when the archive is empty. */
  readonly oldestTimestamp?: bigint | undefined
  readonly newestTimestamp?: bigint | undefined
}
