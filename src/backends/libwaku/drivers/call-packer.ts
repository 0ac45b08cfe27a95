import type { Argument } from './driver.js'

/** A call of a function of the library, or of the bridge. */
export interface FunctionCall {
  /** Numbers it; its answer has the same number. A node has that of the call that created it. */
  readonly request: number
  /** The node; 0: the bridge itself. */
  readonly context: number
  /** ASCII. */
  readonly name: string
  readonly args: readonly Argument[]
  /** The hash of the message that it publishes, if its repetition is to be left out of the events. */
  readonly repeated?: string | undefined
}

const header = 24
const capacity = 256 * 1024

/** What stands where a text has its length, less 2^64. */
const marks = { number: -1, moreBase64: -2, moreText: -3, repeated: -4 } as const

/** Calls on their way, in the form of `wb_call` in bridge.h, one behind the other in one piece of memory, which is used again. */
export class CallPacker {
  readonly #room: number
  // Memory outside of JavaScript's is dear to its collector.
  #memory: Buffer
  #end: number

  /** @param room - bytes in front of the calls that are left to the user. */
  constructor (room = 0) {
    this.#room = this.#end = room
    this.#memory = Buffer.allocUnsafeSlow(capacity)
  }

  get isEmpty (): boolean { return this.#end === this.#room }

  /** Adds a call. */
  add ({ request, context, name, args, repeated = '' }: FunctionCall): void {
    let maxSize = header + name.length + 16 + repeated.length
    for (const argument of args) maxSize += maxSizeOf(argument)
    if (this.#end + maxSize > this.#memory.byteLength) this.#grow(this.#end + maxSize)
    const memory = this.#memory
    const start = this.#end
    let at = writeInt64(memory, request, start)
    at = writeInt64(memory, context, at)
    at = memory.writeUInt32LE(name.length, at) + 4
    const argsAt = at + memory.write(name, at, 'latin1')
    at = argsAt
    for (const argument of args) at = writeArgument(memory, argument, at)
    if (repeated !== '') at = writeText(memory, repeated, writeMark(memory, marks.repeated, at))
    memory.writeUInt32LE(at - argsAt, start + header - 4)
    this.#end = at
  }

  /** How many bytes they are. */
  get size (): number { return this.#end - this.#room }

  /** Takes all that were added. What is returned, with the room, holds until the next is added. */
  take (): Buffer {
    const taken = this.#memory.subarray(0, this.#end)
    this.#end = this.#room
    if (taken.byteLength > capacity) this.renew()
    return taken
  }

  /** Leaves what was taken to the user for good. */
  renew (): void {
    this.#memory = Buffer.allocUnsafeSlow(capacity)
  }

  #grow (size: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(size, 2 * this.#memory.byteLength))
    larger.set(this.#memory.subarray(0, this.#end))
    this.#memory = larger
  }
}

function maxSizeOf (argument: Argument | Uint8Array): number {
  if (typeof argument === 'number') return 16
  // A character of JavaScript has at most three bytes.
  if (typeof argument === 'string') return 16 + 3 * argument.length
  if (argument instanceof Uint8Array) return 16 + argument.byteLength
  return argument.reduce<number>((size, part) => size + maxSizeOf(part), 0)
}

function writeArgument (memory: Buffer, argument: Argument, at: number): number {
  if (typeof argument === 'string') return writeText(memory, argument, at)
  if (typeof argument === 'number') return writeInt64(memory, argument, writeMark(memory, marks.number, at))
  let end = at
  argument.forEach((part, index) => {
    if (index > 0) end = writeMark(memory, typeof part === 'string' ? marks.moreText : marks.moreBase64, end)
    end = typeof part === 'string' ? writeText(memory, part, end) : writeBytes(memory, part, end)
  })
  return end
}

function writeMark (memory: Buffer, mark: number, at: number): number {
  return memory.writeInt32LE(-1, memory.writeInt32LE(mark, at))
}

function writeText (memory: Buffer, text: string, at: number): number {
  const length = memory.write(text, at + 8)
  writeInt64(memory, length, at)
  return at + 8 + length
}

function writeBytes (memory: Buffer, bytes: Uint8Array, at: number): number {
  memory.set(bytes, at + 8)
  writeInt64(memory, bytes.byteLength, at)
  return at + 8 + bytes.byteLength
}

/** Of a safe integer. Not by way of a BigInt, which takes several times as long. */
function writeInt64 (memory: Buffer, value: number, at: number): number {
  return memory.writeInt32LE(Math.floor(value / 2 ** 32), memory.writeUInt32LE(value >>> 0, at))
}
