import { setTimeout as delay } from 'node:timers/promises'
import type { BackendEvents } from '../../backend.js'
import { peerIdOf } from '../../checks.js'
import type { NodeConfig } from '../../config.js'
import { reasonOf, WakuError } from '../../errors.js'
import type { PeerInfo, PeerState } from '../../peers.js'
import type { ConnectedPeer, LibraryNode } from './functions.js'
import type { KnownPeers } from './known-peers.js'

/** How long after a dial the news of a connection may come, in milliseconds. */
const newsAfterMs = 1000

/** How long a peer may take to say which protocols it speaks, in milliseconds. */
const identifyTimeoutMs = 5000
const pollIntervalMs = 20

/** Two nodes of C that dial each other at once can close both connections; each then dials again after a time of its own, in milliseconds. */
const maxTries = 2
const againAfterMs = 150

/** How long after an event its outcome is checked, in milliseconds. */
const checkAfterMs = 300

/** Of peers that are gone, what became of so many is remembered. */
const maxRemembered = 1000

/** What the connections need of the node around them. */
export interface ConnectionsHost {
  readonly config: NodeConfig
  readonly node: LibraryNode
  readonly known: KnownPeers
  readonly events: Pick<BackendEvents, 'peerConnected' | 'peerDisconnected'>
  /** Peers came or went. */
  changed (): void
}

/**
 * Which peers are connected, and connecting to them. The library reports success for every dial, and now and then tells of
 * a connection after it has told of its end; here only what it lists as connected counts in the end.
 */
export class Connections {
  readonly #host: ConnectionsHost
  readonly #wanted: ReadonlySet<string>
  /** By peer id, the oldest first. */
  readonly #connected = new Set<string>()
  readonly #dialled = new Map<string, string>()
  readonly #dropReasons = new Map<string, string>()
  readonly #left = new Set<string>()
  readonly #unreachable = new Set<string>()
  readonly #released = new Set<string>()
  readonly #waiting = new Map<string, Set<() => void>>()
  #numEvents = 0
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor (host: ConnectionsHost) {
    this.#host = host
    this.#wanted = new Set([...host.config.staticPeers, ...host.config.storePeers].map(peerIdOf))
  }

  get size (): number {
    return this.#connected.size
  }

  isConnected (peerId: string): boolean {
    return this.#connected.has(peerId)
  }

  /** Tells whether the application disconnected a peer, which then has not connected again. */
  isReleased (peerId: string): boolean {
    return this.#released.has(peerId)
  }

  /** The library tells of a connection or of its end. */
  heard (peerId: string, connected: boolean): void {
    if (this.#stopped) return
    this.#numEvents++
    if (connected) this.#add(peerId)
    else this.#remove(peerId)
    this.#checkSoon()
  }

  /**
   * Connects to a peer and waits until the library has found it fitting and knows its protocols.
   *
   * @throws {WakuError} `WAKU_PEER_UNREACHABLE`
   */
  async dial (address: string, signal: AbortSignal): Promise<void> {
    const peerId = peerIdOf(address)
    this.#released.delete(peerId)
    for (let left = maxTries; left > 0; left--) {
      if (!this.#connected.has(peerId)) {
        this.#dialled.set(peerId, address.slice(0, -`/p2p/${peerId}`.length))
        await this.#connect(peerId, address, signal)
      }
      if (await this.#isIdentified(peerId, signal)) return
      await delay(againAfterMs * (1 + Math.random()), undefined, { signal })
      await this.#tidyUp(peerId)
    }
    throw this.#cannotReach(address, peerId, 'it closed the connection, or is of another cluster or on other shards')
  }

  /** Ends the connection to a peer, which the node does not seek again by itself. */
  async disconnect (peerId: string): Promise<void> {
    remember(this.#released, peerId)
    await this.#host.node.disconnect(peerId)
  }

  /** Ends the connection to a peer that is of no use, and tells why. */
  drop (peerId: string, reason: string): void {
    const { config, node } = this.#host
    this.#dropReasons.set(peerId, reason)
    config.logger.warn('dropping a peer', { peerId, reason })
    node.disconnect(peerId).catch((error: unknown) => config.logger.warn('cannot drop a peer', { peerId, reason: reasonOf(error) }))
  }

  /** Lists known peers, connected ones first. */
  async peers (): Promise<PeerInfo[]> {
    const { node, known, config } = this.#host
    const [connected, inLibrary] = await Promise.all([node.connectedPeers(), node.knownPeerIds()])
    const others = new Set([...inLibrary, ...known.peerIds, ...this.#left, ...config.staticPeers.map(peerIdOf), ...config.storePeers.map(peerIdOf)])
    for (const peerId of connected.keys()) others.delete(peerId)
    return [...connected.keys(), ...others].map((peerId) => this.#describe(peerId, connected.get(peerId)))
  }

  /** Returns a multiaddr, with the peer id, at which a peer can be asked: its own when one is given, else one that is known. */
  async addressOf (peer: string): Promise<string> {
    if (peer.startsWith('/')) return peer
    const { node, known, config } = this.#host
    const configured = [...config.storePeers, ...config.staticPeers].find((address) => peerIdOf(address) === peer)
    if (configured !== undefined && !this.#connected.has(peer)) return configured
    const [address] = (await node.connectedPeers()).get(peer)?.addresses ?? known.addressesOf(peer)
    if (address !== undefined) return `${address}/p2p/${peer}`
    if (configured !== undefined) return configured
    throw new WakuError('WAKU_PEER_UNREACHABLE', `no address of ${peer} is known`, { peer, reason: 'no address of it is known' })
  }

  /** Makes what is held true again after events that were lost or came in the wrong order. */
  async check (): Promise<void> {
    const before = this.#numEvents
    const connected = await this.#host.node.connectedPeers()
    // What came meanwhile may be newer than the list.
    if (before !== this.#numEvents || this.#stopped) return
    for (const peerId of [...this.#connected]) if (!connected.has(peerId)) this.#remove(peerId)
    for (const [peerId, { addresses }] of connected) {
      this.#add(peerId)
      this.#note(peerId, addresses)
    }
    this.#keepLimit()
  }

  /** Ends: tells of everybody that was connected. */
  stop (): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    for (const peerId of this.#connected) this.#host.events.peerDisconnected(peerId)
    this.#connected.clear()
  }

  #add (peerId: string): void {
    if (this.#connected.has(peerId)) return
    const dialled = this.#dialled.get(peerId)
    if (dialled !== undefined) this.#host.known.add(peerId, [dialled])
    this.#connected.add(peerId)
    this.#released.delete(peerId)
    this.#unreachable.delete(peerId)
    this.#host.events.peerConnected(peerId, dialled)
    for (const wake of this.#waiting.get(peerId) ?? []) wake()
    this.#host.changed()
    this.#keepLimit()
  }

  #remove (peerId: string): void {
    const reason = this.#dropReasons.get(peerId)
    this.#dropReasons.delete(peerId)
    if (!this.#connected.delete(peerId)) return
    this.#dialled.delete(peerId)
    remember(this.#left, peerId)
    this.#host.events.peerDisconnected(peerId, reason)
    this.#host.changed()
  }

  /** Where a peer that connected to this node can be reached: the first address is only the other end of that connection. */
  #note (peerId: string, addresses: readonly string[]): void {
    if (!this.#dialled.has(peerId)) this.#host.known.add(peerId, addresses.slice(1))
  }

  // The library's own limit cannot be lower than 20.
  #keepLimit (): void {
    const { maxConnections } = this.#host.config
    const excess = this.#connected.size - maxConnections
    if (excess <= 0) return
    const newestFirst = [...this.#connected].reverse().filter((peerId) => !this.#wanted.has(peerId) && !this.#dialled.has(peerId) && !this.#dropReasons.has(peerId))
    for (const peerId of newestFirst.slice(0, excess - this.#dropReasons.size)) this.drop(peerId, 'there are too many connections')
  }

  #checkSoon (): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => { this.check().catch(() => {}) }, checkAfterMs).unref()
  }

  /** Resolves once the library has told of the connection. */
  async #connect (peerId: string, address: string, signal: AbortSignal): Promise<void> {
    const { promise, forget } = this.#nextConnection(peerId)
    const given = new AbortController()
    const both = AbortSignal.any([signal, given.signal])
    try {
      const tried = this.#host.node.connect(address, both).then(async () => await delay(newsAfterMs, undefined, { signal: both }))
      const news = await Promise.race([promise.then(() => true), tried.then(() => false)])
      if (!news) throw this.#cannotReach(address, peerId, 'it could not be dialled')
    } catch (error) {
      throw error instanceof WakuError && error.code === 'WAKU_LIBRARY_ERROR' ? this.#cannotReach(address, peerId, reasonOf(error), error) : error
    } finally {
      forget()
      given.abort()
    }
  }

  #nextConnection (peerId: string): { promise: Promise<void>, forget: () => void } {
    const waiting = this.#waiting.get(peerId) ?? new Set()
    this.#waiting.set(peerId, waiting)
    let wake = (): void => {}
    const promise = new Promise<void>((resolve) => {
      wake = resolve
      waiting.add(wake)
    })
    return {
      promise,
      forget: () => {
        waiting.delete(wake)
        if (waiting.size === 0) this.#waiting.delete(peerId)
      }
    }
  }

  /** Looks twice, because of what can become of a connection when it has only just been made. */
  async #isIdentified (peerId: string, signal: AbortSignal): Promise<boolean> {
    const until = performance.now() + identifyTimeoutMs
    for (let numLooks = 0; ;) {
      const peer = (await this.#host.node.connectedPeers()).get(peerId)
      if (peer === undefined) return false
      if (peer.protocols.length > 0 || performance.now() > until) numLooks++
      if (numLooks === 2) return true
      await delay(pollIntervalMs, undefined, { signal })
    }
  }

  /** Of two connections that met the library can keep one and not list it: it is closed, so that the peer can be dialled. */
  async #tidyUp (peerId: string): Promise<void> {
    await this.check()
    if (!this.#connected.has(peerId)) await this.#host.node.disconnect(peerId).catch(() => {})
  }

  #cannotReach (address: string, peerId: string, reason: string, cause?: unknown): WakuError {
    if (!this.#connected.has(peerId)) this.#dialled.delete(peerId)
    remember(this.#unreachable, peerId)
    this.#host.config.logger.debug('a peer cannot be reached', { peerId, reason })
    return new WakuError('WAKU_PEER_UNREACHABLE', `cannot reach ${address}: ${reason}`, { peer: address, reason }, { cause })
  }

  #describe (peerId: string, connected: ConnectedPeer | undefined): PeerInfo {
    const { known } = this.#host
    const addresses = [...new Set([...connected?.addresses ?? [], ...known.addressesOf(peerId)])]
    return { peerId, addresses, protocols: connected?.protocols ?? [], state: connected === undefined ? this.#stateOf(peerId) : 'Connected' }
  }

  #stateOf (peerId: string): PeerState {
    if (this.#unreachable.has(peerId)) return 'CannotConnect'
    return this.#left.has(peerId) ? 'CanConnect' : 'NotConnected'
  }
}

function remember (peers: Set<string>, peerId: string): void {
  peers.add(peerId)
  const [oldest] = peers
  if (peers.size > maxRemembered && oldest !== undefined) peers.delete(oldest)
}
