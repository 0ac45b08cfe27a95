import { readHeader } from '../libwaku/drivers/batch.js'
import type { Bridge, BridgeListener } from '../libwaku/drivers/bridge.js'
import { CallPacker, type FunctionCall } from '../libwaku/drivers/call-packer.js'
import { frameHeader } from '../process/frame-reader.js'
import { largeMessageBytes, manyCalls, PacedFlush } from '../process/paced-flush.js'

/** The calls of which there are many at once; others are not kept waiting for more to come. */
const frequent = 'waku_relay_publish'

/** The bridge of another process, which serves it with `wb_host_serve`. */
export class RemoteBridge implements Bridge {
  readonly name: Bridge['name']
  readonly #post: (frame: Buffer) => boolean
  readonly #calls = new CallPacker(frameHeader)
  readonly #pace = new PacedFlush(() => this.#makeCalls())
  #listener: BridgeListener | undefined
  #numOpen = 0

  /** @param name - by which door the other process went in. @param post - sends a frame there, as `Channel.postBytes` does. */
  constructor (name: Bridge['name'], post: (frame: Buffer) => boolean) {
    this.name = name
    this.#post = post
  }

  start (listener: BridgeListener): void {
    this.#listener = listener
  }

  /** Takes in a batch that came from the other process. */
  takeBatch (batch: Buffer): void {
    this.#numOpen -= readHeader(batch).numReplies
    this.#listener?.(batch)
  }

  call (call: FunctionCall): void {
    this.#calls.add(call)
    this.#numOpen++
    this.#pace.schedule(call.name === frequent && this.#numOpen >= manyCalls && this.#calls.size < largeMessageBytes)
  }

  // What keeps this process alive is the other one, and the session decides on that.
  keepAlive (): void {}

  // It would have to be asked for.
  stats (): undefined {}

  close (): void {
    this.#listener = undefined
  }

  #makeCalls (): void {
    if (this.#calls.isEmpty) return
    if (!this.#post(this.#calls.take())) this.#calls.renew()
  }
}
