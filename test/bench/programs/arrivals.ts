/** How long nothing may come before the rest is given up, in milliseconds. */
const stalledMs = 10_000

/** Counts numbered messages as they arrive, and lets a publisher wait for them. */
export class Arrivals {
  #count = 0
  #firstMs = 0
  #lastMs = 0
  #latenciesMs: number[] | undefined
  #least = Infinity
  #wake = (): void => {}

  get count (): number {
    return this.#count
  }

  /** From the first to the last. */
  get seconds (): number {
    return (this.#lastMs - this.#firstMs) / 1e3
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
    const nowMs = performance.now()
    if (this.#count++ === 0) this.#firstMs = nowMs
    this.#lastMs = nowMs
    this.#latenciesMs?.push(nowMs - publishedMsOf(payload))
    if (this.#count < this.#least) return
    this.#least = Infinity
    this.#wake()
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
      if (this.#count === before) return
    }
  }
}

/** Writes the number and the time of publishing into a payload, as `pair.c` does: u32, and u64 in nanoseconds. */
export function numbered (payload: Buffer, number: number): Buffer {
  const nowNs = performance.now() * 1e6
  payload.writeUInt32BE(number)
  payload.writeUInt32BE(Math.floor(nowNs / 2 ** 32), 4)
  payload.writeUInt32BE(nowNs >>> 0, 8)
  return payload
}

function publishedMsOf (payload: Uint8Array): number {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  return (view.getUint32(4) * 2 ** 32 + view.getUint32(8)) / 1e6
}
