import { readHeader } from './batch.js'
import type { Bridge, BridgeListener, FrontDoor } from './bridge.js'
import { CallPacker, type FunctionCall } from './call-packer.js'

/** Enough for most batches, and kept for all of them: memory outside of JavaScript's is dear to its collector. */
const keptBytes = 512 * 1024

/** For how long what comes in a flood is gathered, in milliseconds: each turn costs as much as several messages. */
const maxWaitMs = 12

/** The bridge of this process. It pulls what the bridge has queued in bounded turns, with the event loop free in between. */
export class LocalBridge implements Bridge {
  readonly name: Bridge['name']
  readonly #door: FrontDoor
  readonly #calls = new CallPacker()
  #listener: BridgeListener | undefined
  #callsPlanned = false
  #numTurns = 0
  #memory: Buffer | undefined

  constructor (door: FrontDoor) {
    this.name = door.name
    this.#door = door
  }

  start (listener: BridgeListener): void {
    this.#listener = listener
    this.#door.start(() => this.#takeTurn())
  }

  keepAlive (on: boolean): void { this.#door.keepAlive(on) }
  stats (context?: number): readonly number[] | undefined { return this.#door.stats(context) }

  call (call: FunctionCall): void {
    this.#calls.add(call)
    if (this.#callsPlanned) return
    this.#callsPlanned = true
    setImmediate(() => this.#makeCalls())
  }

  close (): void {
    this.#listener = undefined
    this.#door.close()
  }

  #makeCalls (): void {
    this.#callsPlanned = false
    if (this.#calls.isEmpty || this.#listener === undefined) return
    if (this.#door.call(this.#calls.take()) < 0) throw new Error('calls are packed in an unknown form')
  }

  #takeTurn (): void {
    this.#numTurns++
    if (this.#listener === undefined) return
    const size = this.#door.prepare(maxWaitMs)
    if (size <= 0) return
    const batch = this.#memoryFor(size)
    this.#door.take(batch)
    const { comeAgainMs } = readHeader(batch)
    this.#listener(batch)
    if (comeAgainMs !== undefined) this.#planTurn(comeAgainMs)
  }

  #planTurn (waitMs: number): void {
    const turn = this.#numTurns
    // Unless one that was not planned came before it, and planned the next.
    const take = (): void => { if (turn === this.#numTurns) this.#takeTurn() }
    if (waitMs === 0) setImmediate(take)
    else setTimeout(take, waitMs).unref()
  }

  #memoryFor (size: number): Buffer {
    if (size > keptBytes) return Buffer.allocUnsafe(size)
    this.#memory ??= Buffer.allocUnsafeSlow(keptBytes)
    return this.#memory.subarray(0, size)
  }
}
