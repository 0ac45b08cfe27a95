import { isWakuError, WakuError } from '../errors.js'
import type { ArchiveFailure } from '../errors.js'
import type { ReceivedMessage } from '../message.js'
import { toArchiveError } from './archive-failure.js'
import type { Archive } from './archive.js'
import { MessageQueue } from './message-queue.js'

/** Bounds and callbacks of an {@link ArchiveWriter}. Callbacks must not throw. */
export interface ArchiveWriterOptions {
  /** The most messages that wait, 20 000 by default. */
  readonly maxQueuedMessages?: number | undefined
  /** The most bytes that wait, 64 MiB by default. */
  readonly maxQueuedBytes?: number | undefined
  /** How long a message waits for others, in milliseconds; 50 by default. */
  readonly maxDelayMs?: number | undefined
  /** The first delay before a batch is tried again, in milliseconds, 250 by default; each next one is twice as long, up to 30 s. */
  readonly retryDelayMs?: number | undefined
  /** Called with the number of messages that were given up: for each that found the queue full, and for those that failed for good. */
  readonly onDrop?: ((numMessages: number, reason: WakuError) => void) | undefined
  /** Called with each failure that is going to be tried again. */
  readonly onRetry?: ((failure: WakuError, delayMs: number) => void) | undefined
}

const maxBatchMessages = 500
const maxBatchBytes = 4 * 1024 * 1024
const maxRetryDelayMs = 30_000
// These pass by themselves or by the user's hand. Nothing of the batch was kept, so it can be tried again as it is.
const passing: ReadonlySet<ArchiveFailure> = new Set<ArchiveFailure>(['locked', 'full', 'not-writable', 'connection-lost'])

/**
 * Collects messages and inserts them in batches. Up to its bounds nothing is lost while the archive is locked, full
 * or not connected; the order of messages is kept. The bytes of a message must not change until it is written.
 */
export class ArchiveWriter {
  readonly #archive: Pick<Archive, 'insert'>
  readonly #options: ArchiveWriterOptions
  readonly #queue: MessageQueue
  // One for all, because a flood of messages is no time to collect stack traces.
  readonly #queueFull: WakuError
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  /** What the queue is to have let go of when the writing under way ends. */
  #target = 0
  #batchSize = maxBatchMessages
  #retryDelayMs = 0
  #numDropped = 0
  #isClosed = false

  constructor (archive: Pick<Archive, 'insert'>, options: ArchiveWriterOptions = {}) {
    this.#archive = archive
    this.#options = options
    const limit = options.maxQueuedMessages ?? 20_000
    this.#queue = new MessageQueue(limit, options.maxQueuedBytes ?? 64 * 1024 * 1024)
    this.#queueFull = new WakuError('WAKU_QUEUE_FULL', 'messages come faster than the archive takes them', { queue: 'archive', limit })
  }

  /** How many messages wait to be written. */
  get numQueued (): number {
    return this.#queue.numMessages
  }

  /** How many messages were given up so far. */
  get numDropped (): number {
    return this.#numDropped
  }

  /** Takes a message to be written soon; returns false if it is dropped, because too much waits already or the writer is closed. */
  add (received: ReceivedMessage): boolean {
    if (this.#isClosed || !this.#queue.push(received)) {
      this.#drop(1, this.#isClosed ? new WakuError('WAKU_CLOSED', 'the archive is closed', { status: 'closed' }) : this.#queueFull)
      return false
    }
    // While a failed batch waits to be tried again, its delay counts.
    if (this.#retryDelayMs > 0) return true
    if (this.#hasFullBatch && this.#writing === undefined) this.#writeInBackground()
    else this.#timer ??= setTimeout(() => this.#writeInBackground(), this.#options.maxDelayMs ?? 50)
    return true
  }

  /**
   * Waits until every message added before is written, trying at once.
   *
   * @throws {WakuError} `WAKU_ARCHIVE_FAILED` when the archive fails; what may succeed later stays in the queue.
   */
  async flush (): Promise<void> {
    const target = this.#queue.numTaken + this.#queue.numMessages
    while (this.#queue.numTaken < target) await this.#write()
  }

  /** Writes what waits and takes no more. What cannot be written is dropped, reported, and the failure thrown. */
  async close (): Promise<void> {
    this.#isClosed = true
    try {
      await this.flush()
    } catch (error) {
      const numLost = this.#queue.numMessages
      this.#queue.clear()
      if (numLost > 0) this.#drop(numLost, error as WakuError)
      throw error
    } finally {
      this.#clearTimer()
    }
  }

  get #hasFullBatch (): boolean {
    return this.#queue.numMessages >= maxBatchMessages || this.#queue.numBytes >= maxBatchBytes
  }

  #writeInBackground (): void {
    // Failures were reported where they happened, and set the next try.
    this.#write().catch(() => {})
  }

  // Writes all that waits now, one batch at a time, however many ask.
  async #write (): Promise<void> {
    this.#clearTimer()
    this.#target = this.#queue.numTaken + this.#queue.numMessages
    this.#writing ??= this.#writeBatches().finally(() => { this.#writing = undefined })
    await this.#writing
  }

  async #writeBatches (): Promise<void> {
    let lastFailure: WakuError | undefined
    // Full batches that came meanwhile need not wait for their time.
    while (this.#queue.numTaken < this.#target || this.#hasFullBatch) {
      const batch = this.#queue.peek(this.#batchSize, maxBatchBytes)
      try {
        await this.#archive.insert(batch)
        this.#queue.shift(batch.length)
        this.#retryDelayMs = 0
        this.#batchSize = maxBatchMessages
      } catch (error) {
        lastFailure = toArchiveError(error, '(unknown)')
        const reason = isWakuError(lastFailure, 'WAKU_ARCHIVE_FAILED') ? lastFailure.details.reason : 'other'
        if (passing.has(reason)) return this.#retryLater(lastFailure)
        this.#giveUp(batch.length, lastFailure, reason)
      }
    }
    if (lastFailure !== undefined) throw lastFailure
  }

  #retryLater (failure: WakuError): never {
    const { retryDelayMs = 250, onRetry } = this.#options
    this.#retryDelayMs = this.#retryDelayMs === 0 ? retryDelayMs : Math.min(this.#retryDelayMs * 2, maxRetryDelayMs)
    this.#clearTimer()
    if (!this.#isClosed) {
      // Waiting for an archive to be mended is no reason to keep a process alive.
      this.#timer = setTimeout(() => this.#writeInBackground(), this.#retryDelayMs).unref()
      onRetry?.(failure, this.#retryDelayMs)
    }
    throw failure
  }

  #giveUp (batchLength: number, failure: WakuError, reason: ArchiveFailure): void {
    if (reason === 'other' && batchLength > 1) {
      // It may be one message that the archive does not take: halves find it, and the others are kept.
      this.#batchSize = Math.ceil(batchLength / 2)
      return
    }
    // Kept, they would block all that come after them for ever.
    this.#queue.shift(batchLength)
    this.#drop(batchLength, failure)
  }

  #drop (numMessages: number, reason: WakuError): void {
    this.#numDropped += numMessages
    this.#options.onDrop?.(numMessages, reason)
  }

  #clearTimer (): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
