import type { Argument } from './driver.js'

/** Packs arguments into the form of `wb_context_call` in bridge.h. */
export function packArguments (args: readonly Argument[]): Buffer {
  let size = 0
  for (const argument of args) size += 8 + (typeof argument === 'string' ? Buffer.byteLength(argument) : 8)
  const packed = Buffer.allocUnsafe(size)
  let at = 0
  for (const argument of args) {
    if (typeof argument === 'string') {
      const length = packed.write(argument, at + 8)
      at = packed.writeUInt32LE(length, at)
      at = packed.writeUInt32LE(0, at) + length
    } else {
      // The mark that stands for a number where a text has its length.
      at = packed.fill(0xff, at, at + 8).writeBigInt64LE(BigInt(argument), at + 8)
    }
  }
  return packed
}
