import type { Argument } from './driver.js'

/** What most calls need, and what is kept for all of them: memory outside of JavaScript's is dear to its collector. */
const keptBytes = 256 * 1024
let kept: Buffer | undefined

/** What stands where a text has its length, less 2^64. */
const marks = { number: -1, moreBase64: -2, moreText: -3 } as const

/** Packs arguments into the form of `wb_context_call` in bridge.h. What is returned holds until the next call. */
export function packArguments (args: readonly Argument[]): Buffer {
  const maxSize = args.reduce<number>((size, argument) => size + maxSizeOf(argument), 0)
  const packed = maxSize > keptBytes ? Buffer.allocUnsafe(maxSize) : (kept ??= Buffer.allocUnsafeSlow(keptBytes))
  let at = 0
  for (const argument of args) {
    if (typeof argument === 'string') {
      at = writeText(packed, argument, at)
    } else if (typeof argument === 'number') {
      at = writeMark(packed, marks.number, at)
      at = packed.writeBigInt64LE(BigInt(argument), at)
    } else {
      argument.forEach((part, index) => {
        if (index > 0) at = writeMark(packed, typeof part === 'string' ? marks.moreText : marks.moreBase64, at)
        at = typeof part === 'string' ? writeText(packed, part, at) : writeBytes(packed, part, at)
      })
    }
  }
  return packed.subarray(0, at)
}

function maxSizeOf (argument: Argument | Uint8Array): number {
  if (typeof argument === 'number') return 16
  // A character of JavaScript has at most three bytes.
  if (typeof argument === 'string') return 16 + 3 * argument.length
  if (argument instanceof Uint8Array) return 16 + argument.byteLength
  return argument.reduce<number>((size, part) => size + maxSizeOf(part), 0)
}

function writeMark (packed: Buffer, mark: number, at: number): number {
  return packed.writeInt32LE(-1, packed.writeInt32LE(mark, at))
}

function writeText (packed: Buffer, text: string, at: number): number {
  return writeLength(packed, packed.write(text, at + 8), at)
}

function writeBytes (packed: Buffer, bytes: Uint8Array, at: number): number {
  packed.set(bytes, at + 8)
  return writeLength(packed, bytes.byteLength, at)
}

/** Writes the length of what stands after it. @returns where that ends. */
function writeLength (packed: Buffer, length: number, at: number): number {
  return packed.writeUInt32LE(0, packed.writeUInt32LE(length, at)) + length
}
