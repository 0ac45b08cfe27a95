import Denque from 'denque'
import type { Deadline } from './deadline.js'
import { WakuError } from './errors.js'

/** What is to be published in its turn. */
export interface Queued {
  /** What it counts for. */
  readonly sizeBytes: number
  /** Gives its place in the queue up. By default it counts from when the queue last moved, so that a burst has the time it takes. */
  readonly deadline: Deadline
  /** Called when that passes before its turn. */
  readonly reject: (reason: unknown) => void
}

/** How much may wait, and how much may have had its turn without having ended. */
export interface QueueLimits {
  readonly maxWaiting: number
  readonly maxWaitingBytes: number
  readonly maxOpen: number
  /** One that is larger goes alone. */
  readonly maxOpenBytes: number
}

/** Lets publishers through in the order they came, and bounds how much is under way and how much waits. */
export class PublishQueue<T extends Queued> {
  readonly #limits: QueueLimits
  readonly #begin: (queued: T) => void
  readonly #waiting = new Denque<T>()
  #waitingBytes = 0
  #open = 0
  #openBytes = 0
  #movedAt = -Infinity
  // One for all: a function for each would cost every message.
  readonly #progress = (): number => this.#movedAt

  /** @param begin - does it, without throwing, and has {@link ended} called in the end. */
  constructor (limits: QueueLimits, begin: (queued: T) => void) {
    this.#limits = limits
    this.#begin = begin
  }

  /** Whether anything is under way. */
  get isBusy (): boolean { return this.#open > 0 }

  /** When last something ended, or began when nothing was under way, in milliseconds of `performance.now()`; before it ever did, -Infinity. */
  get movedAt (): number { return this.#movedAt }

  /** Begins it, now or in its turn. @returns whether that was now. @throws {WakuError} `WAKU_QUEUE_FULL` */
  add (queued: T): boolean {
    const { sizeBytes, deadline } = queued
    if (this.#waiting.length === 0 && this.#fits(sizeBytes)) {
      if (this.#open === 0) this.#movedAt = performance.now()
      deadline.follow(this.#progress)
      this.#pass(queued)
      return true
    }
    const { maxWaiting, maxWaitingBytes } = this.#limits
    if (this.#waiting.length >= maxWaiting || this.#waitingBytes + sizeBytes > maxWaitingBytes) {
      throw new WakuError('WAKU_QUEUE_FULL', `${this.#waiting.length} messages of ${this.#waitingBytes} bytes wait to be published already`, { queue: 'publish', limit: maxWaiting })
    }
    this.#waiting.push(queued)
    this.#waitingBytes += sizeBytes
    deadline.follow(this.#progress)
    deadline.listen((reason) => {
      this.#remove(queued)
      queued.reject(reason)
    })
    return false
  }

  /** What had begun is over, and the next may begin. */
  ended ({ sizeBytes }: Queued): void {
    this.#open--
    this.#openBytes -= sizeBytes
    this.#movedAt = performance.now()
    for (let next = this.#waiting.peekFront(); next !== undefined && this.#fits(next.sizeBytes); next = this.#waiting.peekFront()) {
      this.#waiting.shift()
      this.#waitingBytes -= next.sizeBytes
      next.deadline.listen(undefined)
      this.#pass(next)
    }
  }

  #fits (sizeBytes: number): boolean {
    const { maxOpen, maxOpenBytes } = this.#limits
    return this.#open === 0 || (this.#open < maxOpen && this.#openBytes + sizeBytes <= maxOpenBytes)
  }

  #pass (queued: T): void {
    this.#open++
    this.#openBytes += queued.sizeBytes
    this.#begin(queued)
  }

  // What has waited longest is given up first, as a rule.
  #remove (queued: T): void {
    for (let index = 0; index < this.#waiting.length; index++) {
      if (this.#waiting.peekAt(index) !== queued) continue
      this.#waiting.removeOne(index)
      this.#waitingBytes -= queued.sizeBytes
      return
    }
  }
}
