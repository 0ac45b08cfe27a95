import type { Deadline } from './deadline.js'
import { WakuError } from './errors.js'

interface Waiting {
  readonly sizeBytes: number
  readonly run: () => void
}

/** Lets publishers through one after another, in the order they came, and bounds how much waits. */
export class PublishQueue {
  readonly #maxMessages: number
  readonly #maxBytes: number
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #isBusy = false
  #movedAt = 0

  constructor (maxMessages: number, maxBytes: number) {
    this.#maxMessages = maxMessages
    this.#maxBytes = maxBytes
  }

  /**
   * Runs a task when all before it have settled. Returns nothing when it has been run and has settled: each promise costs, and most
   * messages go at once.
   *
   * @param task - one that returns nothing has settled already.
   * @param deadline - gives the place in the queue up; a task that runs already is not told. By default it counts from when the
   * queue last moved, so that a burst has the time it takes.
   * @throws {WakuError} `WAKU_QUEUE_FULL`, and what the task throws.
   */
  run (sizeBytes: number, deadline: Deadline, task: () => Promise<void> | undefined): Promise<void> | undefined {
    return this.#isBusy ? this.#runLater(sizeBytes, deadline, task) : this.#runNow(task)
  }

  async #runLater (sizeBytes: number, deadline: Deadline, task: () => Promise<void> | undefined): Promise<void> {
    await this.#turn(sizeBytes, deadline)
    await this.#runNow(task)
  }

  #runNow (task: () => Promise<void> | undefined): Promise<void> | undefined {
    this.#isBusy = true
    let settled: Promise<void> | undefined
    try {
      settled = task()
    } finally {
      if (settled === undefined) this.#ended()
    }
    return settled?.finally(() => this.#ended())
  }

  async #turn (sizeBytes: number, deadline: Deadline): Promise<void> {
    if (this.#waiting.length >= this.#maxMessages || this.#waitingBytes + sizeBytes > this.#maxBytes) {
      throw new WakuError('WAKU_QUEUE_FULL', `${this.#waiting.length} messages of ${this.#waitingBytes} bytes wait to be published already`, { queue: 'publish', limit: this.#maxMessages })
    }
    // Kept up only while something waits: most messages go at once.
    if (this.#waiting.length === 0) this.#movedAt = performance.now()
    deadline.follow(() => this.#movedAt)
    await new Promise<void>((resolve, reject) => {
      const entry: Waiting = {
        sizeBytes,
        run: () => {
          deadline.listen(undefined)
          const now = performance.now()
          deadline.follow(() => now)
          // Taken here, so that nobody slips in before the task begins.
          this.#isBusy = true
          resolve()
        }
      }
      this.#waiting.push(entry)
      this.#waitingBytes += sizeBytes
      deadline.listen((reason) => {
        this.#remove(entry)
        reject(reason)
      })
    })
  }

  #ended (): void {
    this.#isBusy = false
    const [next] = this.#waiting
    if (next === undefined) return
    this.#movedAt = performance.now()
    this.#remove(next)
    next.run()
  }

  #remove (entry: Waiting): void {
    const index = this.#waiting.indexOf(entry)
    if (index === -1) return
    this.#waiting.splice(index, 1)
    this.#waitingBytes -= entry.sizeBytes
  }
}
