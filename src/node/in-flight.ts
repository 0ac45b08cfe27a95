/** Counts operations that are under way, so that their end can be waited for. */
export class InFlight {
  #count = 0
  #settled: PromiseWithResolvers<void> | undefined

  begin (): void {
    this.#count++
  }

  end (): void {
    this.#count--
    if (this.#count === 0) this.#settled?.resolve()
  }

  /** Resolves when none is under way. For one waiter at a time. */
  async settled (): Promise<void> {
    if (this.#count === 0) return
    this.#settled = Promise.withResolvers<void>()
    await this.#settled.promise
  }
}
