import { readHeader } from './batch.js'
import type { Bridge, BridgeListener, FrontDoor } from './bridge.js'
import { Pace } from './pace.js'

/** How long what comes is gathered under load, in milliseconds, by default. */
const defaultWaitMs = 1

/** Enough for most batches, and kept for all of them: memory outside of JavaScript's is dear to its collector. */
const keptBytes = 512 * 1024

/** The bridge of this process. It pulls what the bridge has queued in bounded turns, with the event loop free in between. */
export class LocalBridge implements Bridge {
  readonly name: Bridge['name']
  readonly #door: FrontDoor
  readonly #waitMs: number
  readonly #pace = new Pace()
  #listener: BridgeListener | undefined
  #turnPlanned = false
  #numTurns = 0
  #isHeld = false
  #memory: Buffer | undefined

  /** @param waitMs - how long what comes is gathered under load, in milliseconds. */
  constructor (door: FrontDoor, waitMs = defaultWaitMs) {
    this.name = door.name
    this.#door = door
    this.#waitMs = waitMs
  }

  start (listener: BridgeListener): void {
    this.#listener = listener
    this.#door.start(() => { if (!this.#turnPlanned) this.takeTurn() })
  }

  keepAlive (on: boolean): void { this.#door.keepAlive(on) }
  open (path: string, output: number): number { return this.#door.open(path, output) }
  call (context: number, name: string, args: Buffer): number { return this.#door.call(context, name, args) }
  destroy (context: number): number { return this.#door.destroy(context) }
  stats (context?: number): readonly number[] | undefined { return this.#door.stats(context) }

  create (configJson: string, maxEvents: number, maxEventBytes: number, maxCalls: number): number {
    return this.#door.create(configJson, maxEvents, maxEventBytes, maxCalls)
  }

  close (): void {
    this.#listener = undefined
    this.#door.close()
  }

  /** Takes nothing until told otherwise: it waits in the bridge, in bounds. */
  hold (isHeld: boolean): void {
    if (this.#isHeld === isHeld) return
    this.#isHeld = isHeld
    if (!isHeld && !this.#turnPlanned) this.takeTurn()
  }

  /** Takes a batch. Returns whether there may be more. */
  takeTurn (): boolean {
    this.#turnPlanned = false
    this.#numTurns++
    if (this.#listener === undefined) return false
    if (this.#isHeld) return true
    const gathers = this.#pace.mayWait(this.#listener.numOpen())
    const size = this.#door.prepare(gathers)
    if (size <= 0) return false
    const batch = this.#memoryFor(size)
    this.#door.take(batch)
    const { numItems, more } = readHeader(batch)
    this.#pace.note(numItems)
    this.#listener.onBatch(batch)
    if (more || gathers) this.#planTurn(more)
    return more
  }

  #planTurn (isSoon: boolean): void {
    this.#turnPlanned = true
    const turn = this.#numTurns
    // Unless one that was not planned came before it, and planned the next.
    const take = (): void => { if (turn === this.#numTurns) this.takeTurn() }
    if (isSoon) setImmediate(take)
    else setTimeout(take, this.#waitMs).unref()
  }

  #memoryFor (size: number): Buffer {
    if (size > keptBytes) return Buffer.allocUnsafe(size)
    this.#memory ??= Buffer.allocUnsafeSlow(keptBytes)
    return this.#memory.subarray(0, size)
  }
}
