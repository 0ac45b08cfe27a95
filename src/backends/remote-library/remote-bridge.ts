import { readHeader } from '../libwaku/drivers/batch.js'
import type { Bridge, BridgeListener } from '../libwaku/drivers/bridge.js'
import { CallPacker, type FunctionCall } from '../libwaku/drivers/call-packer.js'
import { frameHeader } from '../process/frame-reader.js'
import type { FromBridge, ToBridge } from '../process/library-protocol.js'
import { largeMessageBytes, manyCalls, PacedFlush } from '../process/paced-flush.js'
import { errorFromPlain } from '../process/protocol.js'

/** The calls of which there are many at once; others are not kept waiting for more to come. */
const frequent = 'waku_relay_publish'

/** The way to the other process. */
export interface BridgeChannel {
  readonly post: (items: readonly ToBridge[]) => void
  /** As `Channel.postBytes`. */
  readonly postBytes: (frame: Buffer) => boolean
}

/** The bridge of another process. */
export class RemoteBridge implements Bridge {
  readonly #channel: BridgeChannel
  readonly #loaded = Promise.withResolvers<Bridge['name']>()
  readonly #calls = new CallPacker(frameHeader)
  readonly #pace = new PacedFlush(() => this.#makeCalls())
  #listener: BridgeListener | undefined
  #name: Bridge['name'] = 'addon'
  #numOpen = 0

  constructor (channel: BridgeChannel) {
    this.#channel = channel
  }

  /** By which door the other process went in. */
  get name (): Bridge['name'] { return this.#name }

  /** Has the other process load the bridge. Before anything else. @throws {WakuError} `WAKU_UNAVAILABLE` */
  async load (): Promise<void> {
    this.#channel.post([{ kind: 'load' }])
    this.#name = await this.#loaded.promise
  }

  start (listener: BridgeListener): void {
    this.#listener = listener
  }

  /** Takes in what came from the other process. */
  take (item: FromBridge): void {
    switch (item.kind) {
      case 'loaded': this.#loaded.resolve(item.door); break
      case 'load-failed': this.#loaded.reject(errorFromPlain(item.error))
    }
  }

  /** Takes in a batch that came from it. */
  takeBatch (batch: Buffer): void {
    this.#numOpen -= readHeader(batch).numReplies
    this.#listener?.(batch)
  }

  open (request: number, path: string, output: number): void {
    this.#begin({ kind: 'open-library', request, path, output })
  }

  create (request: number, configJson: string, maxEvents: number, maxEventBytes: number, maxCalls: number): void {
    this.#begin({ kind: 'create', request, configJson, maxEvents, maxEventBytes, maxCalls })
  }

  destroy (request: number, context: number): void {
    this.#begin({ kind: 'destroy', request, context })
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

  #begin (item: ToBridge): void {
    this.#makeCalls()
    this.#numOpen++
    this.#channel.post([item])
  }

  #makeCalls (): void {
    if (this.#calls.isEmpty) return
    if (!this.#channel.postBytes(this.#calls.take())) this.#calls.renew()
  }
}
