import { setTimeout as delay } from 'node:timers/promises'
import type { LocalBridge } from '../libwaku/drivers/local-bridge.js'
import { frameHeader } from '../process/frame-reader.js'
import { serve, type HostPort, type HostServer } from '../process/host-port.js'
import { plainError, type ToHost } from '../process/protocol.js'

/** How long nodes are given to leave the network when the application is gone, in milliseconds, and how often they are looked for. */
const closingTimeoutMs = 2000
const pollIntervalMs = 20

/** Loads the bridge. @param room - bytes in front of each batch that are left free. */
export type LoadBridge = (room: number) => LocalBridge

/** Serves the bridge of this process to the application that started it, and ends the process with it. */
export function serveBridge (load: LoadBridge): void {
  serve((port) => new BridgeServer(port, load))
}

/** Does what it is told and looks into nothing: whatever it did with a message would be done on every message. */
class BridgeServer implements HostServer {
  readonly #port: HostPort
  readonly #load: LoadBridge
  #bridge: LocalBridge | undefined

  constructor (port: HostPort, load: LoadBridge) {
    this.#port = port
    this.#load = load
  }

  take (item: ToHost): void {
    switch (item.kind) {
      case 'load': this.#open(); break
      case 'open-library': this.#bridge?.open(item.request, item.path, item.output); break
      case 'create': this.#bridge?.create(item.request, item.configJson, item.maxEvents, item.maxEventBytes, item.maxCalls); break
      case 'destroy': this.#bridge?.destroy(item.request, item.context); break
      case 'ping': {
        const isBehind = this.#bridge?.takeTurn() ?? false
        this.#port.post([{ kind: 'pong', sentAtMs: item.sentAtMs, residentBytes: process.memoryUsage.rss(), isBehind }])
        break
      }
      case 'end': process.exit()
    }
  }

  /** Takes calls in. */
  takeBytes (calls: Buffer): void {
    this.#bridge?.callPacked(calls)
  }

  drained (): void {
    this.#bridge?.hold(false)
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
      const bridge = this.#load(frameHeader)
      bridge.start((_, frame) => {
        const isWritten = this.#port.postBytes(frame)
        // What the application does not take in waits in the bridge, in the bounds of its node.
        if (!isWritten) bridge.hold(true)
        return isWritten
      })
      bridge.keepAlive(true)
      this.#bridge = bridge
      this.#port.post([{ kind: 'loaded', door: bridge.name }])
    } catch (error) {
      this.#port.post([{ kind: 'load-failed', error: plainError(error) }])
    }
  }
}
