import type { WakuError } from '../errors.js'
import { toArchiveError } from './archive-failure.js'
import type { Archive, RetentionPolicy } from './archive.js'

/** Times and callbacks of a {@link Retention}. Callbacks must not throw. */
export interface RetentionOptions {
  /** Between the end of one run and the next, in milliseconds; 30 minutes by default. */
  readonly intervalMs?: number | undefined
  /** After a run that failed, in milliseconds; one minute by default. */
  readonly retryMs?: number | undefined
  /** Called with each failure. */
  readonly onError?: ((failure: WakuError) => void) | undefined
}

/** Applies a retention policy to an archive at once and from then on regularly, as nwaku does. It keeps no process alive. */
export class Retention {
  readonly #archive: Pick<Archive, 'applyRetention'>
  readonly #policy: RetentionPolicy
  readonly #options: RetentionOptions
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #isStopped = true

  constructor (archive: Pick<Archive, 'applyRetention'>, policy: RetentionPolicy, options: RetentionOptions = {}) {
    this.#archive = archive
    this.#policy = policy
    this.#options = options
  }

  /** Starts the first run. Does nothing when there is no rule to apply, or it is started. */
  start (): void {
    if (!this.#isStopped || Object.values(this.#policy).every((limit) => limit === undefined)) return
    this.#isStopped = false
    this.#schedule(0)
  }

  /** Stops, and waits for the run that is under way. */
  async stop (): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  #schedule (delayMs: number): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => { this.#running = this.#run() }, delayMs).unref()
  }

  async #run (): Promise<void> {
    try {
      await this.#archive.applyRetention(this.#policy)
      this.#schedule(this.#options.intervalMs ?? 30 * 60_000)
    } catch (error) {
      this.#schedule(this.#options.retryMs ?? 60_000)
      if (!this.#isStopped) this.#options.onError?.(toArchiveError(error, '(unknown)'))
    }
  }
}
