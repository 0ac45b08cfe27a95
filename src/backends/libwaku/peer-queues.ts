import { Queue } from '@libp2p/utils'

/** Queues of what is asked of peers, one for each peer: a few things at once, the others in the order they came. */
export class PeerQueues<T> {
  readonly #concurrency: number
  readonly #queues = new Map<string, Queue<T>>()

  /** @param concurrency - the most that one peer is asked at once. */
  constructor (concurrency: number) {
    this.#concurrency = concurrency
  }

  /** Runs a task when its turn has come. @param signal - gives the place in the queue up. */
  async run (peerId: string, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    return await this.#queueTo(peerId).add(task, { signal })
  }

  #queueTo (peerId: string): Queue<T> {
    let queue = this.#queues.get(peerId)
    if (queue === undefined) {
      this.#queues.set(peerId, queue = new Queue({ concurrency: this.#concurrency }))
      queue.addEventListener('idle', () => this.#queues.delete(peerId))
    }
    return queue
  }
}
