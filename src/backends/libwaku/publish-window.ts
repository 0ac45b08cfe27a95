import type { Deadline } from '../../deadline.js'

/** What may be handed over and not answered: enough that the bridge has something to hand on whenever peers have read something. */
const maxMessages = 256
const maxBytes = 256 * 1024

/** Bounds how much is handed over without an answer. What the library and its peers can take is the bridge's to know, which paces it. */
export class PublishWindow {
  #messages = 0
  #bytes = 0
  #movedAt = -Infinity
  #waiting: (() => void) | undefined

  /** How many messages have no answer. */
  get size (): number { return this.#messages }

  /** When last it moved, in milliseconds of `performance.now()`; before it ever did, -Infinity. */
  get movedAt (): number { return this.#movedAt }

  /**
   * Hands a message over once there is room for it; {@link answered} gives that back. One at a time. Returns nothing when that was at once.
   *
   * @param deadline - ends the waiting.
   */
  pass (payloadBytes: number, deadline: Deadline, handOver: () => void): Promise<void> | undefined {
    if (!this.#fits(payloadBytes)) return this.#passLater(payloadBytes, deadline, handOver)
    this.#handOver(payloadBytes, handOver)
    return undefined
  }

  /** There is an answer to a message that was handed over. */
  answered (payloadBytes: number): void {
    this.#messages--
    this.#bytes -= payloadBytes
    this.#movedAt = performance.now()
    this.#waiting?.()
  }

  async #passLater (payloadBytes: number, deadline: Deadline, handOver: () => void): Promise<void> {
    while (!this.#fits(payloadBytes)) await this.#change(deadline)
    this.#handOver(payloadBytes, handOver)
  }

  #handOver (payloadBytes: number, handOver: () => void): void {
    if (this.#messages === 0) this.#movedAt = performance.now()
    this.#messages++
    this.#bytes += payloadBytes
    handOver()
  }

  #fits (payloadBytes: number): boolean {
    return this.#messages === 0 || (this.#messages < maxMessages && this.#bytes + payloadBytes <= maxBytes)
  }

  async #change (deadline: Deadline): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#waiting = () => {
        this.#waiting = undefined
        deadline.listen(undefined)
        resolve()
      }
      deadline.listen((reason) => {
        this.#waiting = undefined
        reject(reason)
      })
    })
  }
}
