/** How long nothing may come before the rest is given up, in milliseconds. */
const stalledMs = 10_000

/** Counts numbered messages as they arrive, and lets a publisher wait for them. */
export class Arrivals {
  #count = 0
  #firstNs = 0n
  #lastNs = 0n
  #latenciesMs: number[] | undefined
  #least = Infinity
  #wake = (): void => {}

  get count (): number {
    return this.#count
  }

  /** From the first to the last. */
  get seconds (): number {
    return Number(this.#lastNs - this.#firstNs) / 1e9
  }

  /** From publishing to arrival, in milliseconds. */
  get latenciesMs (): readonly number[] {
    return this.#latenciesMs ?? []
  }

  /** Begins anew. */
  expect ({ timed = false } = {}): void {
    this.#count = 0
    this.#latenciesMs = timed ? [] : undefined
  }

  /** A message is here. */
  add (payload: Uint8Array): void {
    const nowNs = process.hrtime.bigint()
    if (this.#count++ === 0) this.#firstNs = nowNs
    this.#lastNs = nowNs
    this.#latenciesMs?.push(Number(nowNs - publishedNsOf(payload)) / 1e6)
    if (this.#count >= this.#least) this.#wake()
  }

  /** Resolves once so many are here, or none has come for a while. */
  async until (least: number): Promise<void> {
    while (this.#count < least) {
      const before = this.#count
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        this.#least = least
        this.#wake = resolve
        timer = setTimeout(resolve, stalledMs)
      })
      clearTimeout(timer)
      this.#least = Infinity
      if (this.#count === before) return
    }
  }
}

/** Writes the number and the time of publishing into a payload, as `pair.c` does. */
export function numbered (payload: Uint8Array, number: number): Uint8Array {
  const view = new DataView(payload.buffer, payload.byteOffset)
  view.setUint32(0, number)
  view.setBigUint64(4, process.hrtime.bigint())
  return payload
}

function publishedNsOf (payload: Uint8Array): bigint {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getBigUint64(4)
}
