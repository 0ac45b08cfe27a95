import type { Libp2p } from '@libp2p/interface'
import type { Backend, BackendEvents, Capabilities } from '../../backend.js'
import { peerIdOf } from '../../checks.js'
import type { NodeConfig } from '../../config.js'
import type { Deadline } from '../../deadline.js'
import { isWakuError, reasonOf, WakuError } from '../../errors.js'
import type { MessageHash, WakuMessage } from '../../message.js'
import { protocolIds, type PeerInfo } from '../../peers.js'
import type { StorePage, StoreQuery } from '../../store.js'
import { version } from '../../version.js'
import { makeEnr } from '../../enr.js'
import { dialTarget } from './framing.js'
import { MessageStore } from './message-store.js'
import { MetadataProtocol } from './metadata.js'
import { Metrics } from './metrics.js'
import { PeerDatastore } from './peer-datastore.js'
import { PeerKeeper } from './peer-keeper.js'
import { Relay } from './relay.js'
import { StoreClient } from './store-client.js'
import { StoreService } from './store-service.js'
import { listenAddresses, makeLibp2p, type Services } from './transport.js'

/** What exists between a start and a stop. */
interface Running {
  readonly libp2p: Libp2p<Services>
  readonly keeper: PeerKeeper
  readonly relay: Relay | undefined
  readonly storeClient: StoreClient
  readonly store: MessageStore | undefined
}

/** A full relay and store node on js-libp2p. Each start makes a new libp2p node over the same store of peers. */
export class JsBackend implements Backend {
  readonly name = 'js'
  readonly supports: Readonly<Capabilities>
  readonly #config: NodeConfig
  readonly #events: BackendEvents
  readonly #peerDatastore: PeerDatastore
  readonly #metrics: Metrics
  #running: Running | undefined

  constructor (config: NodeConfig, events: BackendEvents) {
    this.#config = config
    this.#events = events
    this.#peerDatastore = new PeerDatastore(config.peerStorePath)
    this.#metrics = new Metrics(version, {
      numConnectedPeers: () => this.#running?.libp2p.getPeers().length ?? 0,
      numKnownPeers: async () => (await this.#running?.keeper.peers())?.length ?? 0,
      numRelayPeers: () => this.#running?.libp2p.services.gossipsub?.getPeers().length ?? 0,
      topics: () => this.#running?.relay?.topics ?? [],
      numPeersInMesh: (topic) => this.#running?.relay?.peersInMesh(topic).length ?? 0,
      numStoredMessages: async () => await this.#running?.store?.count()
    })
    this.supports = {
      relay: config.relay,
      unsubscribe: true,
      proofs: true,
      protectedShards: true,
      storeClient: true,
      storeService: true,
      ownStore: config.store !== undefined,
      webSocket: true,
      ephemeralPort: true,
      restart: true,
      peerDetails: true,
      ownMetrics: true,
      reliability: false
    }
  }

  async start (pubsubTopics: readonly string[], signal: AbortSignal): Promise<void> {
    const config = this.#config
    const store = config.store === undefined ? undefined : await MessageStore.open(config.store, config.logger, this.#events)
    try {
      const libp2p = await makeLibp2p(config, await this.#peerDatastore.open())
      await this.#peerDatastore.removeUnreadable(libp2p.peerStore, config.logger)
      const relay = this.#makeRelay(libp2p, store)
      const metadata = new MetadataProtocol(config, () => relay?.topics ?? [])
      const keeper = new PeerKeeper(config, libp2p, metadata, this.#events, this.#metrics)
      this.#running = { libp2p, keeper, relay, store, storeClient: new StoreClient(config, libp2p) }
      await metadata.mount(libp2p)
      if (store !== undefined) await new StoreService(config, async (query) => await store.query(query), this.#metrics).mount(libp2p)
      await listen(libp2p, listenAddresses(config))
      for (const topic of pubsubTopics) relay?.subscribe(topic)
      signal.throwIfAborted()
      keeper.start()
    } catch (error) {
      if (this.#running === undefined) await store?.close()
      await this.stop()
      throw error
    }
  }

  async stop (): Promise<void> {
    const running = this.#running
    this.#running = undefined
    if (running === undefined) return
    running.keeper.stop()
    try {
      await running.relay?.end()
      await running.libp2p.stop()
      running.keeper.tellEnd()
    } finally {
      await running.store?.close()
      await this.#peerDatastore.close()
    }
  }

  async close (): Promise<void> {
    await this.stop()
  }

  async publish (message: WakuMessage, pubsubTopic: string, hash: MessageHash, deadline: Deadline): Promise<MessageHash> {
    return await this.#relay().publish(message, pubsubTopic, hash, deadline)
  }

  async subscribe (pubsubTopic: string): Promise<void> {
    this.#relay().subscribe(pubsubTopic)
  }

  async unsubscribe (pubsubTopic: string): Promise<void> {
    this.#relay().unsubscribe(pubsubTopic)
  }

  async queryStore (query: StoreQuery, peer: string | undefined, signal: AbortSignal): Promise<StorePage> {
    const { storeClient, libp2p, store } = this.#started()
    if (peer !== undefined && peerIdOf(peer) === libp2p.peerId.toString() && store !== undefined) return await store.query(query)
    return await storeClient.query(query, peer ?? await this.#chooseStore(), signal)
  }

  async dial (address: string, signal: AbortSignal): Promise<void> {
    await this.#started().keeper.dial(address, signal)
  }

  async disconnect (peerId: string): Promise<void> {
    await this.#started().keeper.disconnect(peerId)
  }

  async ping (peer: string, signal: AbortSignal): Promise<number> {
    try {
      return await this.#started().libp2p.services.ping.ping(dialTarget(peer), { signal })
    } catch (error) {
      throw new WakuError('WAKU_PEER_UNREACHABLE', `cannot ping ${peer}: ${reasonOf(error)}`, { peer, reason: reasonOf(error) }, { cause: error })
    }
  }

  async getPeers (): Promise<readonly PeerInfo[]> {
    return await this.#started().keeper.peers()
  }

  async getPeersInMesh (pubsubTopic: string): Promise<readonly string[]> {
    return this.#relay().peersInMesh(pubsubTopic)
  }

  async getVersion (): Promise<string> {
    return version
  }

  async getListenAddresses (): Promise<readonly string[]> {
    return this.#started().libp2p.getMultiaddrs().map((address) => address.toString())
  }

  async getEnr (): Promise<string> {
    const { libp2p, relay } = this.#started()
    return await makeEnr(this.#config, libp2p.getMultiaddrs(), relay?.topics ?? [])
  }

  async getMetrics (): Promise<string> {
    return await this.#metrics.text()
  }

  #makeRelay (libp2p: Libp2p<Services>, store: MessageStore | undefined): Relay | undefined {
    const { gossipsub } = libp2p.services
    if (gossipsub === undefined) return undefined
    return new Relay(this.#config, gossipsub, {
      received: (message, pubsubTopic, messageHash) => {
        const received = { message, pubsubTopic, messageHash }
        store?.add(received)
        this.#events.message(received)
      },
      dropPeer: (peerId, reason) => this.#running?.keeper.drop(peerId, reason)
    }, this.#events, this.#metrics)
  }

  async #chooseStore (): Promise<string> {
    const { keeper } = this.#started()
    const { storePeers } = this.#config
    const configured = storePeers.find((address) => keeper.isConnected(peerIdOf(address))) ?? storePeers[0]
    if (configured !== undefined) return configured
    const [connected] = await keeper.connectedPeersSpeaking(protocolIds.store)
    if (connected === undefined) throw new WakuError('WAKU_NO_PEERS', 'no store is known', { protocol: protocolIds.store })
    return connected
  }

  #started (): Running {
    if (this.#running === undefined) throw new WakuError('WAKU_NOT_STARTED', 'the node is not started', { status: 'stopped' })
    return this.#running
  }

  #relay (): Relay {
    const { relay } = this.#started()
    if (relay === undefined) throw new WakuError('WAKU_NOT_SUPPORTED', 'this node does not relay', { capability: 'relay' })
    return relay
  }
}

async function listen (libp2p: Libp2p, addresses: readonly string[]): Promise<void> {
  try {
    await libp2p.start()
  } catch (error) {
    if (isWakuError(error)) throw error
    throw new WakuError('WAKU_LISTEN_FAILED', `cannot listen: ${reasonOf(error)}`, { addresses, reason: reasonOf(error) }, { cause: error })
  }
}
