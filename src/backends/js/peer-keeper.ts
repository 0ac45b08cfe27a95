import { setMaxListeners } from 'node:events'
import type { Connection, Libp2p, Peer, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { BackendEvents } from '../../backend.js'
import { peerIdOf } from '../../checks.js'
import type { NodeConfig } from '../../config.js'
import { reasonOf, WakuError } from '../../errors.js'
import { protocolIds, type PeerInfo, type PeerState } from '../../peers.js'
import { Backoff } from '../../backoff.js'
import type { MetadataProtocol, Verdict } from './metadata.js'
import type { Metrics } from './metrics.js'
import { NetworkWatch } from '../../network-watch.js'
import type { Services } from './transport.js'

/** How often it is looked whether a peer is to be dialled, in milliseconds. */
const lookIntervalMs = 500

/** How often peers known from earlier are looked through, in milliseconds. They may be on disk. */
const knownIntervalMs = 15_000

/** How many peers are remembered for each connection that is allowed, as in nwaku. */
const maxKnownPerConnection = 5

/** The most dials at once. */
const maxParallelDials = 5

/** Peers known from earlier are dialled until this many are connected. */
const enoughPeers = 12

/** How long a peer may take to say which protocols it speaks, in milliseconds. */
const identifyTimeoutMs = 5000

/** How long a peer that is dropped may take to close its side, in milliseconds. */
const closeTimeoutMs = 500

/** How long one connection is given to prove that it is alive after the network changed, in milliseconds. */
const aliveTimeoutMs = 3000

/** What is known of a connected peer. */
interface Vetting {
  /** Settled once the peer is identified or gone. */
  readonly identified: PromiseWithResolvers<void>
  readonly verdict: Promise<Verdict>
  judged: boolean
  shards?: readonly number[] | undefined
}

/** Finds out whether connected peers fit, drops those that do not, and brings back those that are wanted. */
export class PeerKeeper {
  readonly #config: NodeConfig
  readonly #libp2p: Libp2p<Services>
  readonly #metadata: MetadataProtocol
  readonly #events: BackendEvents
  readonly #metrics: Metrics
  readonly #wanted: ReadonlyMap<string, string>
  readonly #vettings = new Map<string, Vetting>()
  readonly #backoffs = new Map<string, Backoff>()
  readonly #dropReasons = new Map<string, string>()
  readonly #left = new Set<string>()
  readonly #dialling = new Set<string>()
  readonly #released = new Set<string>()
  readonly #watch = new NetworkWatch((why) => this.#networkChanged(why))
  readonly #stopped = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #lookAtKnownAt = 0

  constructor (config: NodeConfig, libp2p: Libp2p<Services>, metadata: MetadataProtocol, events: BackendEvents, metrics: Metrics) {
    this.#config = config
    this.#libp2p = libp2p
    this.#metadata = metadata
    this.#events = events
    this.#metrics = metrics
    this.#wanted = new Map([...config.staticPeers, ...config.storePeers].map((address) => [peerIdOf(address), address]))
    libp2p.addEventListener('peer:connect', ({ detail }) => this.#connected(detail))
    libp2p.addEventListener('peer:disconnect', ({ detail }) => this.#disconnected(detail))
    libp2p.addEventListener('peer:identify', ({ detail }) => this.#vettings.get(detail.peerId.toString())?.identified.resolve())
  }

  /** Starts connecting to wanted and known peers. */
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

  /**
   * Connects to a peer and waits until it is identified and found to fit.
   *
   * @throws {WakuError} `WAKU_PEER_UNREACHABLE`
   */
  async dial (address: string, signal: AbortSignal): Promise<void> {
    const peerId = peerIdOf(address)
    this.#released.delete(peerId)
    const verdict = await this.#connect(peerId, address, signal)
    if (!verdict.fits) throw unreachable(address, verdict.reason)
  }

  /** Closes the connections to a peer, and leaves them closed until it is dialled or connects again. */
  async disconnect (peerId: string): Promise<void> {
    this.#released.add(peerId)
    await this.#libp2p.hangUp(peerIdFromString(peerId))
  }

  /** Tells of the peers that were still there when libp2p stopped, which itself does not. */
  tellEnd (): void {
    for (const peerId of this.#vettings.keys()) this.#events.peerDisconnected(peerId)
    this.#vettings.clear()
  }

  /** Closes the connections to a peer that is of no use, and tells why. */
  drop (peerId: string, reason: string): void {
    if (!this.#vettings.has(peerId)) return
    this.#dropReasons.set(peerId, reason)
    this.#config.logger.warn('dropping a peer', { peerId, reason })
    for (const connection of this.#connectionsTo(peerId)) closeSoon(connection, reason)
  }

  /** Lists known peers, connected ones first. */
  async peers (): Promise<readonly PeerInfo[]> {
    const known = (await this.#libp2p.peerStore.all()).filter(({ id }) => !id.equals(this.#libp2p.peerId))
    const infos = known.map((peer) => this.#describe(peer))
    return infos.sort((a, b) => Number(b.state === 'Connected') - Number(a.state === 'Connected'))
  }

  /** Whether there is a connection to a peer. */
  isConnected (peerId: string): boolean {
    return this.#vettings.has(peerId)
  }

  /** Ids of connected peers that speak a protocol. */
  async connectedPeersSpeaking (protocol: string): Promise<readonly string[]> {
    return (await this.peers()).filter(({ state, protocols }) => state === 'Connected' && protocols.includes(protocol)).map(({ peerId }) => peerId)
  }

  #connected (id: PeerId): void {
    const peerId = id.toString()
    const connection = this.#connectionsTo(peerId)[0]
    if (connection === undefined) return
    this.#released.delete(peerId)
    const identified = Promise.withResolvers<void>()
    const vetting: Vetting = { identified, verdict: this.#vet(connection, identified.promise), judged: false }
    this.#vettings.set(peerId, vetting)
    void vetting.verdict.then((verdict) => this.#judged(peerId, vetting, verdict))
    this.#events.peerConnected(peerId, connection.remoteAddr.toString().replace(`/p2p/${peerId}`, ''))
    this.#keepLimit()
  }

  // libp2p lets several in at once when there is room for one, and closes only those that nothing runs on.
  #keepLimit (): void {
    const connections = this.#libp2p.getConnections()
    const inbound = connections.filter(({ direction, remotePeer }) => direction === 'inbound' && !this.#wanted.has(remotePeer.toString()))
    const newestFirst = inbound.sort((a, b) => b.timeline.open - a.timeline.open)
    const excess = Math.max(0, connections.length - this.#config.maxConnections)
    for (const { remotePeer } of newestFirst.slice(0, excess)) this.drop(remotePeer.toString(), 'there are too many connections')
  }

  #judged (peerId: string, vetting: Vetting, verdict: Verdict): void {
    vetting.judged = true
    if (!verdict.fits) {
      this.drop(peerId, verdict.reason)
      return
    }
    vetting.shards = verdict.shards
    // The first peer after a time without any: the network is back, and what failed meanwhile says nothing.
    if (this.#vettings.size === 1) this.#resetBackoffs()
    this.#backoffs.get(peerId)?.reset()
  }

  #disconnected (id: PeerId): void {
    const peerId = id.toString()
    const vetting = this.#vettings.get(peerId)
    if (vetting === undefined) return
    vetting.identified.resolve()
    this.#vettings.delete(peerId)
    this.#left.add(peerId)
    const reason = this.#dropReasons.get(peerId)
    this.#dropReasons.delete(peerId)
    // A peer that does not fit now will not fit in a second.
    if (reason !== undefined) this.#backoff(peerId).failure(performance.now())
    this.#lookAtKnownAt = 0
    if (reason !== undefined || vetting.judged) this.#events.peerDisconnected(peerId, reason)
    // Two that do not fit drop each other: the peer was only faster, and its answer is there or will never come.
    else void vetting.verdict.then((verdict) => this.#events.peerDisconnected(peerId, verdict.fits || !verdict.answered ? undefined : verdict.reason))
  }

  async #vet (connection: Connection, identified: Promise<void>): Promise<Verdict> {
    return await this.#metadata.exchange(connection, async () => {
      await within(identified, identifyTimeoutMs)
      return await this.#speaksRelay(connection.remotePeer)
    })
  }

  async #speaksRelay (id: PeerId): Promise<boolean> {
    try {
      return (await this.#libp2p.peerStore.get(id)).protocols.includes(protocolIds.relay)
    } catch {
      return false
    }
  }

  async #connect (peerId: string, address: string | undefined, signal: AbortSignal): Promise<Verdict> {
    const known = this.#connectionsTo(peerId).length > 0
    try {
      const target = address === undefined ? (await this.#knownPeer(peerId)).id : multiaddr(address)
      await this.#libp2p.dial(target, { signal: AbortSignal.any([signal, this.#stopped.signal]) })
    } catch (error) {
      this.#metrics.dialled(false)
      this.#backoff(peerId).failure(performance.now())
      throw unreachable(address ?? peerId, reasonOf(error), error)
    }
    if (!known) this.#metrics.dialled(true)
    const vetting = this.#vettings.get(peerId)
    if (vetting === undefined) throw unreachable(address ?? peerId, 'it closed the connection')
    const [verdict] = await Promise.all([vetting.verdict, within(vetting.identified.promise, identifyTimeoutMs)])
    if (verdict.fits && !this.#vettings.has(peerId)) throw unreachable(address ?? peerId, 'it closed the connection')
    return verdict
  }

  async #knownPeer (peerId: string): Promise<Peer> {
    const peer = (await this.#libp2p.peerStore.all()).find(({ id }) => id.toString() === peerId)
    if (peer === undefined) throw new Error('unknown peer')
    return peer
  }

  #look (): void {
    for (const [peerId, address] of this.#wanted) this.#dialIfDue(peerId, address)
    const now = performance.now()
    if (now < this.#lookAtKnownAt) return
    this.#lookAtKnownAt = now + knownIntervalMs
    this.#lookAtKnown().catch((error: unknown) => this.#config.logger.warn('cannot read known peers', { reason: reasonOf(error) }))
  }

  async #lookAtKnown (): Promise<void> {
    const known = (await this.#libp2p.peerStore.all()).filter(({ id }) => !id.equals(this.#libp2p.peerId) && !this.#wanted.has(id.toString()))
    if (this.#vettings.size < Math.min(enoughPeers, this.#config.maxConnections)) {
      for (const { id, addresses } of known) if (addresses.length > 0) this.#dialIfDue(id.toString(), undefined)
    }
    this.#forgetUnknown(new Set(known.map(({ id }) => id.toString())))
    const strangers = known.filter(({ id }) => !this.#vettings.has(id.toString()))
    for (const { id } of strangers.slice(0, Math.max(0, known.length - maxKnownPerConnection * this.#config.maxConnections))) await this.#forget(id)
  }

  // Peers that left before they were identified are in no store of peers.
  #forgetUnknown (known: ReadonlySet<string>): void {
    for (const peers of [this.#left, this.#released, this.#backoffs]) {
      for (const peerId of peers.keys()) {
        if (!known.has(peerId) && !this.#wanted.has(peerId) && !this.#vettings.has(peerId)) peers.delete(peerId)
      }
    }
  }

  async #forget (id: PeerId): Promise<void> {
    await this.#libp2p.peerStore.delete(id)
    this.#backoffs.delete(id.toString())
    this.#left.delete(id.toString())
  }

  #dialIfDue (peerId: string, address: string | undefined): void {
    if (this.#vettings.has(peerId) || this.#dialling.has(peerId) || this.#released.has(peerId) || this.#dialling.size >= maxParallelDials) return
    if (this.#stopped.signal.aborted || !this.#backoff(peerId).isDue(performance.now())) return
    this.#dialling.add(peerId)
    this.#connect(peerId, address, this.#stopped.signal)
      .catch((error: unknown) => this.#config.logger.debug('dial failed', { peerId, reason: reasonOf(error) }))
      .finally(() => this.#dialling.delete(peerId))
  }

  #networkChanged (why: string): void {
    this.#config.logger.info('the network may have changed', { why })
    this.#resetBackoffs()
    this.#lookAtKnownAt = 0
    for (const connection of this.#libp2p.getConnections()) {
      this.#libp2p.services.ping.ping(connection.remotePeer, { signal: AbortSignal.timeout(aliveTimeoutMs) })
        .catch(() => this.drop(connection.remotePeer.toString(), `no answer after the machine ${why}`))
    }
    this.#look()
  }

  #resetBackoffs (): void {
    for (const backoff of this.#backoffs.values()) backoff.reset()
  }

  #backoff (peerId: string): Backoff {
    let backoff = this.#backoffs.get(peerId)
    if (backoff === undefined) this.#backoffs.set(peerId, backoff = new Backoff())
    return backoff
  }

  #connectionsTo (peerId: string): Connection[] {
    return this.#libp2p.getConnections().filter((connection) => connection.remotePeer.toString() === peerId && connection.status === 'open')
  }

  #describe (peer: Peer): PeerInfo {
    const peerId = peer.id.toString()
    const [connection] = this.#connectionsTo(peerId)
    const addresses = new Set([connection?.remoteAddr, ...peer.addresses.map(({ multiaddr: address }) => address)]
      .filter((address) => address !== undefined).map((address) => address.toString().replace(`/p2p/${peerId}`, '')))
    const agent = peer.metadata.get('AgentVersion')
    return {
      peerId,
      addresses: [...addresses],
      protocols: peer.protocols,
      state: this.#stateOf(peerId, connection),
      direction: connection?.direction,
      agent: agent === undefined ? undefined : new TextDecoder().decode(agent),
      shards: this.#vettings.get(peerId)?.shards
    }
  }

  #stateOf (peerId: string, connection: Connection | undefined): PeerState {
    if (connection !== undefined) return 'Connected'
    if (this.#backoffs.get(peerId)?.failed === true) return 'CannotConnect'
    return this.#left.has(peerId) ? 'CanConnect' : 'NotConnected'
  }
}

function unreachable (peer: string, reason: string, cause?: unknown): WakuError {
  return new WakuError('WAKU_PEER_UNREACHABLE', `cannot reach ${peer}: ${reason}`, { peer, reason }, { cause })
}

/** Closes a connection so that the peer still gets what was sent, an answer that tells it why for example, or without its help. */
function closeSoon (connection: Connection, reason: string): void {
  const signal = AbortSignal.timeout(closeTimeoutMs)
  // Each of its streams listens.
  setMaxListeners(Infinity, signal)
  connection.close({ signal }).catch(() => connection.abort(new Error(reason)))
}

/** Waits for a promise that never rejects, but no longer than this. */
async function within (promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([promise, new Promise<void>((resolve) => { timer = setTimeout(resolve, ms) })])
  clearTimeout(timer)
}
