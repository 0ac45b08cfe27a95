/** What is read at once at most, so that taking it in is a short turn of the event loop. */
const maxReadBytes = 256 * 1024

/** Enough for most frames, and kept for all of them: memory outside of JavaScript's is dear to its collector. */
const keptBytes = 2 * maxReadBytes

/** What a frame begins with: u32 kind, u32 length of what follows; little-endian. */
export const frameHeader = 8

/** Puts frames together again from what comes of them, wherever it is cut. */
export class FrameReader {
  readonly #onFrame: (kind: number, body: Buffer) => void
  #memory = Buffer.allocUnsafeSlow(keptBytes)
  #start = 0
  #end = 0

  /** @param onFrame - told each; the memory of the body is used again. */
  constructor (onFrame: (kind: number, body: Buffer) => void) {
    this.#onFrame = onFrame
  }

  /** Memory to read into. */
  room (): Buffer {
    const numWaiting = this.#end - this.#start
    const needed = Math.max(this.#frameBytes(), numWaiting + 1)
    if (numWaiting === 0 || this.#start + needed > this.#memory.byteLength) this.#move(needed)
    return this.#memory.subarray(this.#end, this.#end + maxReadBytes)
  }

  /** So many bytes were read into it. */
  filled (numBytes: number): void {
    this.#end += numBytes
    while (this.#end - this.#start >= frameHeader && this.#end - this.#start >= this.#frameBytes()) {
      const start = this.#start
      this.#start += this.#frameBytes()
      this.#onFrame(this.#memory.readUInt32LE(start), this.#memory.subarray(start + frameHeader, this.#start))
    }
  }

  /** Takes in what was read elsewhere. */
  push (bytes: Buffer): void {
    for (let at = 0; at < bytes.byteLength;) {
      const numCopied = bytes.copy(this.room(), 0, at)
      this.filled(numCopied)
      at += numCopied
    }
  }

  /** How many bytes the frame has that comes next, as far as that is known. */
  #frameBytes (): number {
    return this.#end - this.#start < frameHeader ? frameHeader : frameHeader + this.#memory.readUInt32LE(this.#start + 4)
  }

  /** Moves what waits to the beginning of memory that is large enough. */
  #move (needed: number): void {
    const from = this.#memory
    if (needed > from.byteLength) this.#memory = Buffer.allocUnsafeSlow(needed)
    else if (from.byteLength > keptBytes && needed <= keptBytes) this.#memory = Buffer.allocUnsafeSlow(keptBytes)
    from.copy(this.#memory, 0, this.#start, this.#end)
    this.#end -= this.#start
    this.#start = 0
  }
}
