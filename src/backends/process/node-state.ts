import type { BackendListener } from '../../backend.js'
import type { NodeConfig } from '../../config.js'
import type { TopicHealth } from '../../peers.js'
import { PeerMemory } from './peer-memory.js'
import { boundPorts, type Ports } from './ports.js'
import type { HostSession } from './session.js'

/** Why peers went, as the application is told. */
const lostReason = "the backend's process ended"

/** What the node in a process has become, as far as the application knows it and a new process has to be brought there. */
export class NodeState {
  /** The pubsub topics that are wanted. */
  readonly topics = new Set<string>()
  /** Those that the process of the moment has joined. */
  readonly joined = new Set<string>()
  readonly peers = new PeerMemory()
  readonly #health = new Map<string, TopicHealth>()
  #ports: Ports | undefined
  #isUnresponsive = false
  #hadPeers = false
  #healthyBefore: readonly string[] = []

  /** Whether it had peers when the last process ended. */
  get hadPeers (): boolean {
    return this.#hadPeers
  }

  /** Whether every topic that was healthy when the last process ended is so again. */
  get hasHealed (): boolean {
    return this.#healthyBefore.every((topic) => !this.topics.has(topic) || this.#isHealthy(topic))
  }

  /** The options with which a new process takes the place of a lost one. */
  restartConfig (config: NodeConfig, keepsPorts: boolean): NodeConfig {
    const released = new Set(this.peers.released)
    const isWanted = (address: string): boolean => !released.has(address.slice(address.lastIndexOf('/') + 1))
    return {
      ...config,
      ...(keepsPorts && config.announceAddresses.length === 0 ? this.#ports : {}),
      staticPeers: config.staticPeers.filter(isWanted),
      storePeers: config.storePeers.filter(isWanted)
    }
  }

  /** Takes note of events on their way to the application. */
  note (events: Omit<BackendListener, 'exited' | 'restarted'>): Omit<BackendListener, 'exited' | 'restarted'> {
    return {
      ...events,
      peerConnected: (peerId, address) => {
        this.peers.connected(peerId)
        events.peerConnected(peerId, address)
      },
      peerDisconnected: (peerId, reason) => {
        this.peers.disconnected(peerId)
        events.peerDisconnected(peerId, reason)
      },
      topicHealth: (pubsubTopic, health) => {
        this.#health.set(pubsubTopic, health)
        events.topicHealth(pubsubTopic, health)
      },
      unresponsive: (unresponsive) => {
        if (unresponsive === this.#isUnresponsive) return
        this.#isUnresponsive = unresponsive
        events.unresponsive(unresponsive)
      }
    }
  }

  /** It has been started. */
  async started (session: HostSession, pubsubTopics: readonly string[]): Promise<void> {
    this.joined.clear()
    for (const topic of pubsubTopics) this.joined.add(topic)
    this.#ports = boundPorts(await session.call('getListenAddresses', []))
  }

  /** It has been stopped. */
  stopped (): void {
    this.joined.clear()
    this.peers.lose()
    this.#health.clear()
    this.#healthyBefore = []
  }

  /** Its process has ended: tells what went with it. */
  lost (events: Pick<BackendListener, 'peerDisconnected' | 'topicHealth'>): void {
    this.joined.clear()
    // Not when the process that is lost now had had no time to find its peers.
    if (this.hasHealed) {
      this.#hadPeers = this.peers.hasConnected
      this.#healthyBefore = [...this.topics].filter((topic) => this.#isHealthy(topic))
    }
    for (const peerId of this.peers.lose()) events.peerDisconnected(peerId, lostReason)
    for (const [pubsubTopic, health] of this.#health) {
      if (health !== 'Unhealthy') events.topicHealth(pubsubTopic, 'Unhealthy')
    }
    this.#health.clear()
  }

  /** A new process has taken the place of the lost one. */
  restored (events: Pick<BackendListener, 'unresponsive'>): void {
    if (this.#isUnresponsive) events.unresponsive(false)
    this.#isUnresponsive = false
  }

  /** Brings a new process to where the lost one was. Its peers come in the background. */
  async restore (session: HostSession): Promise<void> {
    const topics = [...this.topics]
    await session.call('start', [topics])
    await this.started(session, topics)
    for (const peerId of this.peers.released) await session.call('disconnect', [peerId])
  }

  #isHealthy (pubsubTopic: string): boolean {
    return (this.#health.get(pubsubTopic) ?? 'Unhealthy') !== 'Unhealthy'
  }
}
