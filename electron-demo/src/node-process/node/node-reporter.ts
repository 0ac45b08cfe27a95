import { parsePubsubTopic, protocolIds, type WakuNode } from 'nwaku-desktop'
import type { CatchUpReport, NodeState, PeerState, ShardState } from '../../shared/ipc.js'
import { toChatError } from '../chat-failure.js'
import type { TrafficMeter } from '../traffic-meter.js'
import type { NodeKeeper } from './node-keeper.js'

/** What is told of a node that the node itself has to be asked for. */
type Asked = Pick<NodeState, 'version' | 'addresses' | 'enr' | 'peers' | 'shards'>

const nothing: Asked = { version: null, addresses: [], enr: null, peers: [], shards: [] }

/** What only the engine knows. */
export interface EngineFigures {
  clusterId (): number | null
  /** Names of the rooms on each pubsub topic. */
  roomsByTopic (): ReadonlyMap<string, readonly string[]>
  storePeer (): string | null
  lastCatchUp (): CatchUpReport | null
  numPending (): number
}

/** Puts together what the node panel shows. */
export class NodeReporter {
  readonly #keeper: NodeKeeper
  readonly #traffic: TrafficMeter
  readonly #figures: EngineFigures
  #asked: Asked = nothing
  #asking: Promise<void> | undefined

  constructor (keeper: NodeKeeper, traffic: TrafficMeter, figures: EngineFigures) {
    this.#keeper = keeper
    this.#traffic = traffic
    this.#figures = figures
  }

  /** What is known without asking the node, and what it answered the last time. */
  get state (): NodeState {
    const keeper = this.#keeper
    const node = keeper.node
    const asked = node === undefined ? nothing : this.#asked
    return {
      phase: keeper.phase,
      error: keeper.error,
      offlineBy: keeper.offlineBy,
      backend: node?.backend ?? null,
      fallback: keeper.fallback === undefined ? null : toChatError(keeper.fallback),
      peerId: node?.peerId ?? null,
      pid: node?.pid ?? null,
      clusterId: this.#figures.clusterId(),
      isHost: keeper.isHost,
      storePeer: this.#figures.storePeer(),
      lastCatchUp: this.#figures.lastCatchUp(),
      traffic: this.#traffic.traffic,
      numRestarts: keeper.numRestarts,
      numPending: this.#figures.numPending(),
      startedAt: keeper.startedAt,
      ...asked
    }
  }

  /** Asks the node again; one that does not answer now keeps nobody waiting for long. */
  async refresh (): Promise<NodeState> {
    const { node } = this.#keeper
    if (node !== undefined) {
      this.#asking ??= this.#ask(node).finally(() => { this.#asking = undefined })
      await Promise.race([this.#asking, new Promise((resolve) => setTimeout(resolve, 500))])
    }
    return this.state
  }

  async #ask (node: WakuNode): Promise<void> {
    try {
      const topics = node.getPubsubTopics()
      const [version, addresses, enr, peers, ...meshes] = await Promise.all([
        node.getVersion(), node.getListenAddresses(), node.getEnr(), node.getPeers(), ...topics.map(async (topic) => await node.getPeersInMesh(topic))
      ])
      const meshOf = new Map(topics.map((topic, index) => [topic, meshes[index] ?? []]))
      this.#asked = {
        version,
        addresses,
        enr,
        peers: peers.map((peer): PeerState => ({
          peerId: peer.peerId,
          isConnected: peer.state === 'Connected',
          addresses: peer.addresses,
          protocols: peer.protocols,
          agent: peer.agent ?? null,
          mesh: topics.filter((topic) => meshOf.get(topic)?.includes(peer.peerId)),
          hasStore: peer.protocols.includes(protocolIds.store)
        })),
        shards: topics.map((topic) => this.#shardState(topic, meshOf.get(topic) ?? []))
      }
    } catch {
      // It is being stopped or replaced: what it said the last time is as good.
    }
  }

  #shardState (pubsubTopic: string, mesh: readonly string[]): ShardState {
    return {
      pubsubTopic,
      shardId: parsePubsubTopic(pubsubTopic).shardId,
      health: mesh.length === 0 ? 'Unhealthy' : mesh.length < 4 ? 'MinimallyHealthy' : 'SufficientlyHealthy',
      numMeshPeers: mesh.length,
      rooms: this.#figures.roomsByTopic().get(pubsubTopic) ?? []
    }
  }
}
