import type { Argument } from './driver.js'

/** Stands for a number where a text has its length. */
const numberMark = 2n ** 64n - 1n

/** Packs arguments into the form of `wb_context_call` in bridge.h. */
export function packArguments (args: readonly Argument[]): Buffer {
  const sizes = args.map((argument) => typeof argument === 'string' ? Buffer.byteLength(argument) : 8)
  const packed = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + 8 + size, 0))
  let at = 0
  for (const [i, argument] of args.entries()) {
    const size = sizes[i] ?? 0
    if (typeof argument === 'string') {
      packed.writeBigUInt64LE(BigInt(size), at)
      packed.write(argument, at + 8)
    } else {
      packed.writeBigUInt64LE(numberMark, at)
      packed.writeBigInt64LE(BigInt(argument), at + 8)
    }
    at += 8 + size
  }
  return packed
}
