import { networkInterfaces } from 'node:os'

/** How often the machine is looked at, in milliseconds. */
const intervalMs = 2000

/** A timer this late has slept, in milliseconds. */
const sleptAfterMs = 10_000

/** Notices that the network may be another one than before: the machine slept, or its addresses changed. Node has no event for either. */
export class NetworkWatch {
  readonly #changed: (why: 'slept' | 'addresses changed') => void
  #timer: NodeJS.Timeout | undefined
  #addresses = ''
  #lookedAt = 0

  constructor (changed: (why: 'slept' | 'addresses changed') => void) {
    this.#changed = changed
  }

  start (): void {
    this.#addresses = currentAddresses()
    this.#lookedAt = Date.now()
    this.#timer ??= setInterval(() => this.#look(), intervalMs).unref()
  }

  stop (): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look (): void {
    // By the clock on the wall, which goes on while a monotonic one stands still.
    const slept = Date.now() - this.#lookedAt > sleptAfterMs
    const addresses = currentAddresses()
    const moved = addresses !== this.#addresses
    this.#addresses = addresses
    this.#lookedAt = Date.now()
    if (slept) this.#changed('slept')
    else if (moved) this.#changed('addresses changed')
  }
}

function currentAddresses (): string {
  return Object.values(networkInterfaces()).flat().map((entry) => entry?.address).sort().join()
}
