import { setTimeout as delay } from 'node:timers/promises'
import { oneReply, renumber } from '../libwaku/drivers/batch.js'
import { status } from '../libwaku/drivers/bridge.js'
import type { LocalBridge } from '../libwaku/drivers/local-bridge.js'
import { serve, type HostPort, type HostServer } from '../process/host-port.js'
import type { CreateCommand, Calls } from '../process/library-protocol.js'
import { plainError, type ToHost } from '../process/protocol.js'
import { unpackCalls } from './packed-calls.js'

/** What may be on its way to the application and not be taken in yet, in bytes; the rest waits in the bridge, in the bounds of its node. */
const maxOpenBytes = 1024 * 1024

/** How long nodes are given to leave the network when the application is gone, in milliseconds, and how often they are looked for. */
const closingTimeoutMs = 2000
const pollIntervalMs = 20

/** Serves the bridge of this process to the application at the other end of a port, and ends the process with it. */
export function serveBridge (port: HostPort, load: () => LocalBridge): void {
  serve(port, new BridgeServer(port, load))
}

/** Does what it is told and looks into nothing: whatever it did with a message would be done on every message. */
class BridgeServer implements HostServer {
  readonly #port: HostPort
  readonly #load: () => LocalBridge
  #bridge: LocalBridge | undefined
  // The application's number of each open request and each node, by the bridge's.
  readonly #ids = new Map<number, number>()
  // The bridge's number of each node, by the application's.
  readonly #contexts = new Map<number, number>()
  #numOpenBytes = 0

  constructor (port: HostPort, load: () => LocalBridge) {
    this.#port = port
    this.#load = load
  }

  take (item: ToHost): void {
    switch (item.kind) {
      case 'load': this.#open(); break
      case 'open-library': this.#begin(item.id, (bridge) => bridge.open(item.path, item.output)); break
      case 'create': this.#create(item); break
      case 'calls': this.#call(item); break
      case 'destroy': this.#destroy(item.id, item.context); break
      case 'taken': this.#taken(item.numBytes); break
      case 'ping': {
        const isBehind = this.#bridge?.takeTurn() ?? false
        this.#port.post([{ kind: 'pong', sentAtMs: item.sentAtMs, residentBytes: process.memoryUsage.rss(), isBehind }])
        break
      }
      case 'end': process.exit()
    }
  }

  /** Has the nodes leave the network, within bounds, and ends the process. */
  async end (): Promise<void> {
    this.#bridge?.close()
    for (let left = closingTimeoutMs; left > 0 && this.#numNodes > 0; left -= pollIntervalMs) await delay(pollIntervalMs)
    // One that goes on in the library would meet the end of its memory in exit().
    if (this.#numNodes > 0) process.kill(process.pid, 'SIGKILL')
    process.exit()
  }

  get #numNodes (): number {
    return this.#bridge?.stats()?.[0] ?? 0
  }

  #open (): void {
    try {
      const bridge = this.#load()
      bridge.start({ onBatch: (batch) => this.#send(batch), numOpen: () => this.#ids.size - this.#contexts.size })
      bridge.keepAlive(true)
      this.#bridge = bridge
      this.#port.post([{ kind: 'loaded', door: bridge.name }])
    } catch (error) {
      this.#port.post([{ kind: 'load-failed', error: plainError(error) }])
    }
  }

  #begin (id: number, submit: (bridge: LocalBridge) => number): number {
    const own = this.#bridge === undefined ? status.closed : submit(this.#bridge)
    if (own < 0) this.#post(oneReply(id, own))
    else this.#ids.set(own, id)
    return own
  }

  #create ({ id, configJson, maxEvents, maxEventBytes, maxCalls }: CreateCommand): void {
    const own = this.#begin(id, (bridge) => bridge.create(configJson, maxEvents, maxEventBytes, maxCalls))
    if (own > 0) this.#contexts.set(id, own)
  }

  #call ({ bytes }: Calls): void {
    for (const { id, context, name, args } of unpackCalls(bytes)) {
      const own = this.#contexts.get(context)
      this.#begin(id, (bridge) => own === undefined ? status.closed : bridge.call(own, name, args))
    }
  }

  #destroy (id: number, context: number): void {
    const own = this.#contexts.get(context)
    this.#begin(id, (bridge) => own === undefined ? status.closed : bridge.destroy(own))
    if (own === undefined) return
    this.#contexts.delete(context)
    this.#ids.delete(own)
  }

  #send (batch: Buffer): void {
    renumber(batch, (own, isReply) => {
      const id = this.#ids.get(own) ?? 0
      if (isReply && !this.#contexts.has(id)) this.#ids.delete(own)
      return id
    })
    this.#post(batch)
  }

  #post (batch: Buffer): void {
    this.#numOpenBytes += batch.byteLength
    this.#port.post([{ kind: 'batch', bytes: this.#port.clonesWholeBuffers ? new Uint8Array(batch) : batch }])
    if (this.#numOpenBytes > maxOpenBytes) this.#bridge?.hold(true)
  }

  #taken (numBytes: number): void {
    this.#numOpenBytes -= numBytes
    if (this.#numOpenBytes <= maxOpenBytes) this.#bridge?.hold(false)
  }
}
