import { setTimeout } from 'node:timers/promises'
import { numberOf, publishedNsOf } from './publish-messages.mjs'

// A double that comes later than this after the last message goes unnoticed; a message that comes later counts as lost.
const quietMs = 250

/** Counts numbered messages, each once, and the doubles. */
export class Counter {
  #seen = new Uint8Array(0)
  #latenciesMs
  #distinct = 0
  #doubled = 0
  #firstNs = 0n
  #lastNs = 0n

  /** Starts anew, for messages numbered from 0 to `count` - 1. */
  expect ({ count, latencies = false }) {
    this.#seen = new Uint8Array(count)
    this.#latenciesMs = latencies ? [] : undefined
    this.#distinct = this.#doubled = 0
    this.#firstNs = this.#lastNs = 0n
  }

  /** Counts one message; has to cost little, since it is part of what is measured. */
  add (payload) {
    const nowNs = process.hrtime.bigint()
    const number = numberOf(payload)
    if (number >= this.#seen.length) return
    if (this.#seen[number] === 1) {
      this.#doubled++
      return
    }
    this.#seen[number] = 1
    if (this.#distinct++ === 0) this.#firstNs = nowNs
    this.#lastNs = nowNs
    this.#latenciesMs?.push(Number(nowNs - publishedNsOf(payload)) / 1e6)
  }

  /** Resolves once all is in and it has been quiet for a while, or once nothing has come in for `stalledMs`; gives what `Received` says. */
  async complete ({ stalledMs = 10_000 }) {
    let changedAt = performance.now()
    let known = -1
    while (performance.now() - changedAt < (this.#distinct === this.#seen.length ? quietMs : stalledMs)) {
      await setTimeout(20)
      if (this.#distinct + this.#doubled !== known) changedAt = performance.now()
      known = this.#distinct + this.#doubled
    }
    const seconds = Number(this.#lastNs - this.#firstNs) / 1e9
    return { distinct: this.#distinct, doubled: this.#doubled, seconds, latenciesMs: this.#latenciesMs ?? [] }
  }
}
