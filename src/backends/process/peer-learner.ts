import { reasonOf } from '../../errors.js'
import type { Logger } from '../../options.js'
import type { PeerInfo } from '../../peers.js'
import type { PeerMemory } from './peer-memory.js'

/** How long after a peer has connected it is looked where it listens, in milliseconds, and again: peers tell when they are identified. */
const lookDelaysMs = [100, 250, 500, 1000, 2000, 5000]

/** Finds out where connected peers listen, so that they can be dialled once the process in which they are connected is gone. */
export class PeerLearner {
  readonly #peers: PeerMemory
  readonly #list: () => Promise<readonly PeerInfo[]>
  readonly #logger: Logger
  #timer: NodeJS.Timeout | undefined

  constructor (peers: PeerMemory, list: () => Promise<readonly PeerInfo[]>, logger: Logger) {
    this.#peers = peers
    this.#list = list
    this.#logger = logger
  }

  /** A peer has connected. */
  start (): void {
    clearTimeout(this.#timer)
    this.#schedule(lookDelaysMs)
  }

  stop (): void {
    clearTimeout(this.#timer)
  }

  #schedule ([delayMs, ...further]: readonly number[]): void {
    if (delayMs === undefined) return
    this.#timer = setTimeout(() => {
      this.#list().then((peers) => this.#peers.learn(peers), (error: unknown) => this.#logger.debug('the peers cannot be listed', { reason: reasonOf(error) }))
      if (this.#peers.hasUnlearnt) this.#schedule(further)
    }, delayMs).unref()
  }
}
