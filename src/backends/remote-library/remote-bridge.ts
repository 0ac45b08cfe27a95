import type { Bridge, BridgeListener } from '../libwaku/drivers/bridge.js'
import type { FromBridge, ToBridge } from '../process/library-protocol.js'
import { largeMessageBytes, manyCalls, PacedFlush } from '../process/paced-flush.js'
import { errorFromPlain } from '../process/protocol.js'
import { CallPacker } from './packed-calls.js'

/** After so many bytes taken in the other process is told. */
const toldBytes = 256 * 1024

/** Calls that can wait are sent at most this often, in milliseconds. */
const intervalMs = 4

/** The bridge of another process. What that refuses is answered with the status. */
export class RemoteBridge implements Bridge {
  readonly #post: (items: readonly ToBridge[]) => void
  readonly #loaded = Promise.withResolvers<Bridge['name']>()
  readonly #calls = new CallPacker()
  readonly #pace = new PacedFlush(() => this.#flush(), intervalMs)
  #listener: BridgeListener | undefined
  #name: Bridge['name'] = 'addon'
  #lastId = 0
  #numTakenBytes = 0

  /** @param post - sends to the other process. */
  constructor (post: (items: readonly ToBridge[]) => void) {
    this.#post = post
  }

  /** By which door the other process went in. */
  get name (): Bridge['name'] { return this.#name }

  /** Has the other process load the bridge. Before anything else. @throws {WakuError} `WAKU_UNAVAILABLE` */
  async load (): Promise<void> {
    this.#post([{ kind: 'load' }])
    this.#name = await this.#loaded.promise
  }

  start (listener: BridgeListener): void {
    this.#listener = listener
  }

  /** Takes in what came from the other process. */
  take (item: FromBridge): void {
    switch (item.kind) {
      case 'batch': this.#takeBatch(item.bytes); break
      case 'loaded': this.#loaded.resolve(item.door); break
      case 'load-failed': this.#loaded.reject(errorFromPlain(item.error))
    }
  }

  open (path: string, output: number): number {
    return this.#ask((id) => ({ kind: 'open-library', id, path, output }))
  }

  create (configJson: string, maxEvents: number, maxEventBytes: number, maxCalls: number): number {
    return this.#ask((id) => ({ kind: 'create', id, configJson, maxEvents, maxEventBytes, maxCalls }))
  }

  destroy (context: number): number {
    return this.#ask((id) => ({ kind: 'destroy', id, context }))
  }

  call (context: number, name: string, args: Buffer): number {
    const id = ++this.#lastId
    this.#calls.add({ id, context, name, args })
    this.#pace.schedule((this.#listener?.numOpen() ?? 0) >= manyCalls && args.byteLength < largeMessageBytes)
    return id
  }

  // What keeps this process alive is the other one, and the session decides on that.
  keepAlive (): void {}

  // It would have to be asked for.
  stats (): undefined {}

  close (): void {
    this.#listener = undefined
  }

  #takeBatch (bytes: Uint8Array): void {
    this.#listener?.onBatch(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    this.#numTakenBytes += bytes.byteLength
    // Not each batch: the other process sends on meanwhile.
    if (this.#numTakenBytes < toldBytes) return
    this.#post([{ kind: 'taken', numBytes: this.#numTakenBytes }])
    this.#numTakenBytes = 0
  }

  #ask (make: (id: number) => ToBridge): number {
    this.#flush()
    const id = ++this.#lastId
    this.#post([make(id)])
    return id
  }

  #flush (): void {
    if (!this.#calls.isEmpty) this.#post([{ kind: 'calls', bytes: this.#calls.take() }])
  }
}
