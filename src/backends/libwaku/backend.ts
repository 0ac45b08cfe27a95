import { multiaddr } from '@multiformats/multiaddr'
import type { Backend, BackendListener, Capabilities } from '../../backend.js'
import { peerIdOf } from '../../checks.js'
import type { NodeConfig } from '../../config.js'
import type { Deadline } from '../../deadline.js'
import { makeEnr } from '../../enr.js'
import { isWakuError, WakuError } from '../../errors.js'
import type { MessageHash, WakuMessage } from '../../message.js'
import { protocolIds, type PeerInfo } from '../../peers.js'
import type { StorePage, StoreQuery } from '../../store.js'
import { addressesFromRouter, reachableAddresses } from './addresses.js'
import { capabilitiesOf, checkSupported } from './capabilities.js'
import { KnownPeers } from './known-peers.js'
import type { Libwaku } from './open-library.js'
import type { RunningNode } from './running-node.js'
import { startNode, type StartedNode } from './start-node.js'

/** A full relay and store node on nwaku's library. Each start makes a new node of it, over the same list of known peers. */
export class LibwakuBackend implements Backend {
  readonly name = 'libwaku'
  readonly supports: Readonly<Capabilities>
  readonly #config: NodeConfig
  readonly #peerId: string
  readonly #events: BackendListener
  readonly #libwaku: Libwaku
  readonly #known: KnownPeers
  #started: StartedNode | undefined

  /** @throws {WakuError} `WAKU_NOT_SUPPORTED`, `WAKU_INVALID_ARGUMENT` for options that the library cannot do. */
  constructor (config: NodeConfig, peerId: string, events: BackendListener, libwaku: Libwaku) {
    checkSupported(config, libwaku)
    this.#config = config
    this.#peerId = peerId
    this.#events = events
    this.#libwaku = libwaku
    this.#known = new KnownPeers(config.peerStorePath, config.logger)
    this.supports = capabilitiesOf(config, libwaku)
  }

  async start (pubsubTopics: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#known.load()
    signal.throwIfAborted()
    this.#started = await startNode({ config: this.#config, events: this.#events, known: this.#known }, this.#libwaku, pubsubTopics, signal)
  }

  async stop (): Promise<void> {
    const started = this.#started
    this.#started = undefined
    if (started === undefined) return
    await started.stop()
    await this.#known.flush()
  }

  async close (): Promise<void> {
    await this.stop()
  }

  // Not async: each promise more would cost every message.
  publish (message: WakuMessage, pubsubTopic: string, messageHash: MessageHash, deadline: Deadline): Promise<MessageHash> {
    return this.#started === undefined ? Promise.reject(notStarted()) : this.#started.node.publisher.publish(message, pubsubTopic, messageHash, deadline)
  }

  async subscribe (pubsubTopic: string): Promise<void> {
    await this.#node.subscribe(pubsubTopic)
  }

  async unsubscribe (pubsubTopic: string): Promise<void> {
    await this.#node.unsubscribe(pubsubTopic)
  }

  async queryStore (query: StoreQuery, peer: string | undefined, signal: AbortSignal): Promise<StorePage> {
    return await this.#node.storeClient.query(query, peer ?? await this.#chooseStore(), signal)
  }

  async dial (address: string, signal: AbortSignal): Promise<void> {
    await this.#node.connections.dial(address, signal)
  }

  async disconnect (peerId: string): Promise<void> {
    await this.#node.connections.disconnect(peerId)
  }

  async ping (peer: string, signal: AbortSignal): Promise<number> {
    const { library, connections, pings } = this.#node
    try {
      const address = await connections.addressOf(peer)
      return await pings.run(peerIdOf(address), signal, async () => await library.ping(address, { signal }))
    } catch (error) {
      if (!isWakuError(error, 'WAKU_LIBRARY_ERROR')) throw error
      const reason = error.details.libraryMessage
      throw new WakuError('WAKU_PEER_UNREACHABLE', `cannot ping ${peer}: ${reason}`, { peer, reason }, { cause: error })
    }
  }

  async getPeers (): Promise<readonly PeerInfo[]> {
    return await this.#node.connections.peers()
  }

  async getPeersInMesh (pubsubTopic: string): Promise<readonly string[]> {
    return await this.#node.peersInMesh(pubsubTopic)
  }

  async getVersion (): Promise<string> {
    return await this.#node.library.version()
  }

  async getListenAddresses (): Promise<readonly string[]> {
    return (await this.#addresses()).map((address) => `${address}/p2p/${this.#peerId}`)
  }

  async getEnr (): Promise<string> {
    // Not the library's: that one has addresses put in place of those it listens on, and does not follow the subscriptions.
    return await makeEnr(this.#config, (await this.#addresses()).map((address) => multiaddr(address)), this.#node.topics)
  }

  async getMetrics (): Promise<string> {
    return await this.#node.library.metrics()
  }

  async #addresses (): Promise<string[]> {
    const { ports } = this.#current
    const own = reachableAddresses(this.#config, ports)
    if (!this.#config.natTraversal.upnp || this.#config.announceAddresses.length > 0) return own
    return [...new Set([...own, ...addressesFromRouter(await this.#node.library.announcedAddresses())])]
  }

  async #chooseStore (): Promise<string> {
    const { connections } = this.#node
    const { storePeers } = this.#config
    const configured = storePeers.find((address) => connections.isConnected(peerIdOf(address))) ?? storePeers[0]
    if (configured !== undefined) return configured
    const store = (await connections.peers()).find(({ state, protocols }) => state === 'Connected' && protocols.includes(protocolIds.store))
    if (store === undefined) throw new WakuError('WAKU_NO_PEERS', 'no store is known', { protocol: protocolIds.store })
    return store.peerId
  }

  get #current (): StartedNode {
    if (this.#started === undefined) throw notStarted()
    return this.#started
  }

  get #node (): RunningNode {
    return this.#current.node
  }
}

function notStarted (): WakuError<'WAKU_NOT_STARTED'> {
  return new WakuError('WAKU_NOT_STARTED', 'the node is not started', { status: 'stopped' })
}
