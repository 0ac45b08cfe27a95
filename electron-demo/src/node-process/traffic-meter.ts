import type { Traffic, TrafficSample } from '../shared/ipc.js'

/** How many seconds are remembered. */
const numSamples = 60

/** Counts chat messages and their bytes, and samples the counters once a second. */
export class TrafficMeter {
  #messagesIn = 0
  #messagesOut = 0
  #bytesIn = 0
  #bytesOut = 0
  #last: Omit<TrafficSample, 'at'> = { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0 }
  readonly #samples: TrafficSample[] = []

  received (numBytes: number): void {
    this.#messagesIn++
    this.#bytesIn += numBytes
  }

  sent (numBytes: number): void {
    this.#messagesOut++
    this.#bytesOut += numBytes
  }

  /** Takes a sample; to be called once a second. */
  sample (): void {
    const now = this.#counters
    const last = this.#last
    this.#samples.push({
      at: Date.now(),
      messagesIn: now.messagesIn - last.messagesIn,
      messagesOut: now.messagesOut - last.messagesOut,
      bytesIn: now.bytesIn - last.bytesIn,
      bytesOut: now.bytesOut - last.bytesOut
    })
    this.#last = now
    if (this.#samples.length > numSamples) this.#samples.shift()
  }

  get traffic (): Traffic {
    return { ...this.#counters, samples: [...this.#samples] }
  }

  get #counters (): Omit<TrafficSample, 'at'> {
    return { messagesIn: this.#messagesIn, messagesOut: this.#messagesOut, bytesIn: this.#bytesIn, bytesOut: this.#bytesOut }
  }
}
