import type { Backend, BackendListener, Capabilities } from '../../backend.js'
import { Deadline } from '../../deadline.js'
import { reasonOf } from '../../errors.js'
import { peerIdOfNode } from '../../identity.js'
import { Slots } from '../../slots.js'
import { LibwakuBackend } from '../libwaku/backend.js'
import { BridgeDriver } from '../libwaku/drivers/bridge-driver.js'
import { openLibraryWith } from '../libwaku/open-library.js'
import { callBackend } from '../process/call-backend.js'
import { builtEntry, type HostKind, type Link, type LinkHost, type Outcome } from '../process/link.js'
import type { CallInputs, CallName, HostReady } from '../process/protocol.js'
import { RemoteBridge } from './remote-bridge.js'

/** As many as the bridge lets be open: `kMaxOpenMessages` in native/src/pacer.cc. */
const maxUnsentMessages = 512

/** Processes in which the library runs, and nothing else: the backend is in this one. */
export function remoteLibrary (entry = builtEntry('library-host.js')): HostKind {
  return { name: 'libwaku', entry, maxUnsentMessages, makeLink: (host) => new LibraryLink(host) }
}

/** A backend that runs here, on a library that is in the process. */
class LibraryLink implements Link {
  readonly #host: LinkHost
  readonly #deadlines = new Slots<Deadline>()
  #bridge: RemoteBridge | undefined
  #driver: BridgeDriver | undefined
  #backend: Backend | undefined
  #isLost = false

  constructor (host: LinkHost) {
    this.#host = host
  }

  async open ({ door }: HostReady): Promise<Readonly<Capabilities>> {
    const { config } = this.#host
    this.#bridge = new RemoteBridge(door ?? 'addon', this.#host.postBytes)
    this.#driver = new BridgeDriver(this.#bridge)
    const libwaku = await openLibraryWith(this.#driver, config.libraryPath)
    this.#backend = new LibwakuBackend(config, peerIdOfNode(config), this.#events(), libwaku)
    return this.#backend.supports
  }

  begin <K extends CallName>(seq: number, name: K, inputs: CallInputs[K]): Deadline {
    const backend = this.#backend
    if (backend === undefined) throw new Error('called before it was opened')
    const deadline = new Deadline()
    const key = this.#deadlines.add(deadline)
    callBackend(backend, name, inputs, deadline)
      .then((output) => this.#settle(seq, key, { output }), (error: unknown) => this.#settle(seq, key, { error: error as Error }))
    return deadline
  }

  takeBytes (bytes: Buffer): void {
    this.#bridge?.takeBatch(bytes)
  }

  lost (reason: Error): void {
    this.#isLost = true
    this.#driver?.close()
    for (const deadline of this.#deadlines.takeAll()) deadline.pass(reason)
    this.#backend?.close().catch((error: unknown) => {
      this.#host.config.logger.warn('what a lost library leaves behind cannot be cleared away', { reason: reasonOf(error) })
    })
  }

  #settle (seq: number, key: number, outcome: Outcome): void {
    this.#deadlines.take(key)
    this.#host.settle(seq, outcome)
  }

  /** What the backend tells while it is cleared away is of no interest any more. */
  #events (): BackendListener {
    const untilLost = <I extends readonly unknown[]>(tell: (...inputs: I) => void) => (...inputs: I): void => { if (!this.#isLost) tell(...inputs) }
    const { isHeard, hasSeen, message, peerConnected, peerDisconnected, topicHealth, dropped, unresponsive, archiveFailed } = this.#host.events
    return {
      ...(isHeard !== undefined && { isHeard }),
      ...(hasSeen !== undefined && { hasSeen }),
      message: untilLost(message),
      peerConnected: untilLost(peerConnected),
      peerDisconnected: untilLost(peerDisconnected),
      topicHealth: untilLost(topicHealth),
      dropped: untilLost(dropped),
      unresponsive: untilLost(unresponsive),
      archiveFailed: untilLost(archiveFailed),
      exited: () => {},
      restarted: () => {}
    }
  }
}
