import { Backoff } from '../../backoff.js'
import { peerIdOf } from '../../checks.js'
import type { NodeConfig } from '../../config.js'
import { reasonOf } from '../../errors.js'
import { NetworkWatch } from '../../network-watch.js'
import type { Connections } from './connections.js'
import type { LibraryNode } from './functions.js'
import type { KnownPeers } from './known-peers.js'

/** How often it is looked whether a peer is to be dialled, in milliseconds. */
const lookIntervalMs = 500

/** How often the list of connections is compared with the library's, in looks. */
const looksPerCheck = 10

/** The most dials at once. */
const maxParallelDials = 5

/** Peers known from earlier are dialled until this many are connected. */
const enoughPeers = 12

/** How long a peer is given to prove that it is alive after the network changed, in milliseconds. */
const aliveTimeoutMs = 3000

/** Connects to wanted peers, and again when they are gone, which the library does once at its start; likewise to known ones while there are few. */
export class Reconnector {
  readonly #config: NodeConfig
  readonly #node: LibraryNode
  readonly #connections: Connections
  readonly #known: KnownPeers
  readonly #wanted: ReadonlyMap<string, string>
  readonly #backoffs = new Map<string, Backoff>()
  readonly #dialling = new Set<string>()
  readonly #watch = new NetworkWatch((why) => this.#networkChanged(why))
  readonly #stopped = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #numLooks = 0

  constructor (config: NodeConfig, node: LibraryNode, connections: Connections, known: KnownPeers) {
    this.#config = config
    this.#node = node
    this.#connections = connections
    this.#known = known
    this.#wanted = new Map([...config.staticPeers, ...config.storePeers].map((address) => [peerIdOf(address), address]))
  }

  start (): void {
    this.#watch.start()
    this.#timer = setInterval(() => this.#look(), lookIntervalMs).unref()
    this.#look()
  }

  stop (): void {
    clearInterval(this.#timer)
    this.#watch.stop()
    this.#stopped.abort()
  }

  #look (): void {
    for (const [peerId, address] of this.#wanted) this.#dialIfDue(peerId, address)
    if (this.#connections.size < Math.min(enoughPeers, this.#config.maxConnections)) {
      for (const peerId of this.#known.peerIds) {
        const [address] = this.#known.addressesOf(peerId)
        if (address !== undefined && !this.#wanted.has(peerId)) this.#dialIfDue(peerId, `${address}/p2p/${peerId}`)
      }
    }
    if (++this.#numLooks % looksPerCheck === 0) this.#connections.check().catch(() => {})
  }

  #dialIfDue (peerId: string, address: string): void {
    if (this.#connections.isConnected(peerId) || this.#connections.isReleased(peerId) || this.#dialling.has(peerId) || this.#dialling.size >= maxParallelDials) return
    const backoff = this.#backoff(peerId)
    if (this.#stopped.signal.aborted || !backoff.isDue(performance.now())) return
    this.#dialling.add(peerId)
    this.#connections.dial(address, this.#stopped.signal)
      .then(() => backoff.reset(), () => backoff.failure(performance.now()))
      .finally(() => this.#dialling.delete(peerId))
  }

  #networkChanged (why: string): void {
    this.#config.logger.info('the network may have changed', { why })
    for (const backoff of this.#backoffs.values()) backoff.reset()
    this.#dropDead(why).catch((error: unknown) => this.#config.logger.debug('peers cannot be checked', { reason: reasonOf(error) }))
  }

  async #dropDead (why: string): Promise<void> {
    for (const [peerId, { addresses: [address] }] of await this.#node.connectedPeers()) {
      this.#node.ping(`${address ?? ''}/p2p/${peerId}`, { timeoutMs: aliveTimeoutMs })
        .catch(() => this.#connections.drop(peerId, `no answer after the machine ${why}`))
    }
  }

  #backoff (peerId: string): Backoff {
    let backoff = this.#backoffs.get(peerId)
    if (backoff === undefined) this.#backoffs.set(peerId, backoff = new Backoff())
    return backoff
  }
}
