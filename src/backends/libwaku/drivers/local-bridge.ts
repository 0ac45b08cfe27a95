import { readHeader } from './batch.js'
import type { Bridge, FrontDoor } from './bridge.js'
import { CallPacker, type FunctionCall } from './call-packer.js'
import { Pace } from './pace.js'

/** Enough for most batches, and kept for all of them: memory outside of JavaScript's is dear to its collector. */
const keptBytes = 512 * 1024

/** How batches are taken. */
export interface LocalBridgeOptions {
  /** How long a flood is gathered, in milliseconds. Answers for which somebody waits are not kept waiting. */
  readonly floodMs?: number | undefined
  /** Bytes in front of each batch that are left free. */
  readonly room?: number | undefined
}

/** Hears of batches, with the room in front of each, too. Returns false if the memory is still in use, and not to be used again. */
export type BatchListener = (batch: Buffer, frame: Buffer) => unknown

/** The bridge of this process. It pulls what the bridge has queued in bounded turns, with the event loop free in between. */
export class LocalBridge implements Bridge {
  readonly name: Bridge['name']
  readonly #door: FrontDoor
  readonly #room: number
  readonly #pace: Pace
  readonly #calls = new CallPacker()
  #listener: BatchListener | undefined
  #callsPlanned = false
  #turnPlanned = false
  #numTurns = 0
  #isHeld = false
  #memory: Buffer | undefined

  constructor (door: FrontDoor, { floodMs, room = 0 }: LocalBridgeOptions = {}) {
    this.name = door.name
    this.#door = door
    this.#pace = new Pace(floodMs)
    this.#room = room
  }

  start (listener: BatchListener): void {
    this.#listener = listener
    this.#door.start(() => this.takeTurn())
  }

  keepAlive (on: boolean): void { this.#door.keepAlive(on) }
  stats (context?: number): readonly number[] | undefined { return this.#door.stats(context) }

  open (request: number, path: string, output: number): void {
    this.#door.open(request, path, output)
  }

  create (request: number, configJson: string, maxEvents: number, maxEventBytes: number, maxCalls: number): void {
    this.#door.create(request, configJson, maxEvents, maxEventBytes, maxCalls)
  }

  call (call: FunctionCall): void {
    this.#calls.add(call)
    if (this.#callsPlanned) return
    this.#callsPlanned = true
    setImmediate(() => this.#makeCalls())
  }

  /** Makes calls that are packed already. */
  callPacked (calls: Buffer): void {
    if (this.#door.call(calls) < 0) throw new Error('calls are packed in an unknown form')
  }

  destroy (request: number, context: number): void {
    this.#makeCalls()
    this.#door.destroy(request, context)
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
    const { waitMs } = this.#pace
    const size = this.#door.prepare(waitMs > 0)
    if (size <= 0) return false
    const frame = this.#memoryFor(this.#room + size)
    const batch = frame.subarray(this.#room)
    this.#door.take(batch)
    const { numItems, more } = readHeader(batch)
    this.#pace.note(numItems)
    if (this.#listener(batch, frame) === false) this.#memory = undefined
    if (more || waitMs > 0) this.#planTurn(more ? 0 : waitMs)
    return more
  }

  #makeCalls (): void {
    this.#callsPlanned = false
    if (!this.#calls.isEmpty && this.#listener !== undefined) this.callPacked(this.#calls.take())
  }

  #planTurn (waitMs: number): void {
    this.#turnPlanned = true
    const turn = this.#numTurns
    // Unless one that was not planned came before it, and planned the next.
    const take = (): void => { if (turn === this.#numTurns) this.takeTurn() }
    if (waitMs === 0) setImmediate(take)
    else setTimeout(take, waitMs).unref()
  }

  #memoryFor (size: number): Buffer {
    if (size > keptBytes) return Buffer.allocUnsafe(size)
    this.#memory ??= Buffer.allocUnsafeSlow(keptBytes)
    return this.#memory.subarray(0, size)
  }
}
