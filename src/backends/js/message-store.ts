import type { Archive } from '../../archive/archive.js'
import { ArchiveWriter } from '../../archive/archive-writer.js'
import { openArchive } from '../../archive/open-archive.js'
import { parseRetentionPolicy } from '../../archive/retention-policy.js'
import { Retention } from '../../archive/retention.js'
import type { BackendEvents } from '../../backend.js'
import type { NodeConfig } from '../../config.js'
import { reasonOf } from '../../errors.js'
import { nowNs, type ReceivedMessage } from '../../message.js'
import type { Logger } from '../../options.js'
import type { StorePage, StoreQuery } from '../../store.js'

/** How far a message's timestamp may be from the time it arrives for a store to keep it, in nanoseconds: 20 s (nwaku). */
const maxClockDifferenceNs = 20_000_000_000n

/** This node's own message store: what of the messages on its shards is kept, and how it is found again. */
export class MessageStore {
  readonly #archive: Archive
  readonly #writer: ArchiveWriter
  readonly #retention: Retention
  readonly #logger: Logger

  private constructor (archive: Archive, options: NonNullable<NodeConfig['store']>, logger: Logger, events: BackendEvents) {
    this.#archive = archive
    this.#logger = logger
    this.#writer = new ArchiveWriter(archive, {
      onDrop: (numMessages) => events.dropped('archive', numMessages),
      onRetry: (error) => events.archiveFailed(error)
    })
    this.#retention = new Retention(archive, parseRetentionPolicy(options.retention), { onError: (error) => events.archiveFailed(error) })
  }

  /** @throws {WakuError} `WAKU_ARCHIVE_FAILED`, `WAKU_INVALID_ARGUMENT` */
  static async open (options: NonNullable<NodeConfig['store']>, logger: Logger, events: BackendEvents): Promise<MessageStore> {
    const archive = await openArchive(options.url)
    const store = new MessageStore(archive, options, logger, events)
    store.#retention.start()
    return store
  }

  /** Keeps a message unless it asks not to be kept or its clock is off. */
  add (received: ReceivedMessage): void {
    const { ephemeral, timestamp } = received.message
    const difference = timestamp - nowNs()
    if (ephemeral || difference > maxClockDifferenceNs || difference < -maxClockDifferenceNs) return
    this.#writer.add(received)
  }

  /** Finds one page among everything added so far. */
  async query (query: StoreQuery): Promise<StorePage> {
    try {
      await this.#writer.flush()
    } catch (error) {
      // What is kept already can be told all the same; the writer reports the failure.
      this.#logger.warn('the archive does not keep up', { reason: reasonOf(error) })
    }
    return await this.#archive.query(query)
  }

  /** How many messages are kept. */
  async count (): Promise<number> {
    return (await this.#archive.stats()).numMessages
  }

  /** Writes what waits and closes the archive. */
  async close (): Promise<void> {
    await this.#retention.stop()
    try {
      await this.#writer.close()
    } catch (error) {
      this.#logger.warn('messages could not be kept', { reason: reasonOf(error) })
    }
    await this.#archive.close()
  }
}
