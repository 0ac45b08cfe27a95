import type { Argument } from './driver.js'

/** What most calls need, and what is kept for all of them: memory outside of JavaScript's is dear to its collector. */
const keptBytes = 256 * 1024
let kept: Buffer | undefined

/** Packs arguments into the form of `wb_context_call` in bridge.h. What is returned holds until the next call. */
export function packArguments (args: readonly Argument[]): Buffer {
  let maxSize = 0
  // A character of JavaScript has at most three bytes.
  for (const argument of args) maxSize += 8 + (typeof argument === 'string' ? 3 * argument.length : 8)
  const packed = maxSize > keptBytes ? Buffer.allocUnsafe(maxSize) : (kept ??= Buffer.allocUnsafeSlow(keptBytes))
  let at = 0
  for (const argument of args) {
    if (typeof argument === 'string') {
      const length = packed.write(argument, at + 8)
      at = packed.writeUInt32LE(length, at)
      at = packed.writeUInt32LE(0, at) + length
    } else {
      // The mark that stands for a number where a text has its length.
      packed.fill(0xff, at, at + 8)
      at = packed.writeBigInt64LE(BigInt(argument), at + 8)
    }
  }
  return packed.subarray(0, at)
}
