import type { AbortOptions, Stream } from '@libp2p/interface'
import { encode } from 'it-length-prefixed'
import { Uint8ArrayList } from 'uint8arraylist'

/** As much as one encrypted frame carries; beyond it there is nothing to gain. */
const maxBatchBytes = 64 * 1024

/**
 * The router's way to a peer, in place of its own: what is sent in one turn of the event loop goes out as one frame. A frame
 * for each message costs a header, an encryption and a system call each, which is more than the message itself.
 */
export class BatchedStream {
  readonly protocol: string
  readonly rawStream: Stream
  #batch = new Uint8ArrayList()
  #isScheduled = false

  constructor (protocol: string, rawStream: Stream) {
    this.protocol = protocol
    this.rawStream = rawStream
  }

  /** Bytes that wait to be sent. */
  get numWaitingBytes (): number {
    return this.#batch.byteLength + this.rawStream.writeBufferLength
  }

  /** Resolves when no more than this waits to be sent, or the stream is closed. Rejects when nothing at all was taken for this long. */
  async takesMore (maxWaitingBytes: number, stalledAfterMs: number): Promise<void> {
    let least = Infinity
    let takenAt = performance.now()
    while (this.numWaitingBytes > maxWaitingBytes && this.rawStream.writeStatus === 'writable') {
      // The stream says that it drained also when only the connection below it did.
      if (this.numWaitingBytes < least) {
        least = this.numWaitingBytes
        takenAt = performance.now()
      }
      const remainingMs = takenAt + stalledAfterMs - performance.now()
      if (remainingMs <= 0) throw new Error(`nothing was taken for ${stalledAfterMs} ms`)
      await this.#nextDrain(remainingMs)
    }
  }

  // Not rawStream.onDrain(), which after the first time resolves at once.
  async #nextDrain (timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.rawStream.removeEventListener('drain', done)
        this.rawStream.removeEventListener('close', done)
        // The stream sends what it held back after its own listener for the event.
        setImmediate(resolve)
      }
      const timer = setTimeout(done, timeoutMs)
      this.rawStream.addEventListener('drain', done)
      this.rawStream.addEventListener('close', done)
    })
  }

  /** Sends an RPC. */
  push (rpc: Uint8Array): void {
    this.pushPrefixed(encode.single(rpc))
  }

  /** Sends an RPC that has its length before it already. */
  pushPrefixed (rpc: Uint8ArrayList): void {
    // Here, not when the batch goes out, so that the router learns of it.
    if (this.rawStream.writeStatus !== 'writable') throw new Error(`the stream is ${this.rawStream.writeStatus}`)
    this.#batch.append(rpc)
    if (!this.#isScheduled) {
      // The first goes at once; what follows in the same turn waits for its end.
      this.#isScheduled = true
      setImmediate(() => {
        this.#isScheduled = false
        this.#flush()
      })
      this.#flush()
    } else if (this.#batch.byteLength >= maxBatchBytes) {
      this.#flush()
    }
  }

  async close (options?: AbortOptions): Promise<void> {
    this.#flush()
    try {
      await this.rawStream.close(options)
    } catch (error) {
      this.rawStream.abort(error as Error)
    }
  }

  #flush (): void {
    const batch = this.#batch
    if (batch.byteLength === 0) return
    this.#batch = new Uint8ArrayList()
    try {
      // In one piece: each one costs a call of the cipher and one of the system below.
      this.rawStream.send(batch.subarray())
    } catch (error) {
      // It was closed meanwhile, or holds more than a slow peer is granted.
      this.rawStream.abort(error as Error)
    }
  }
}
