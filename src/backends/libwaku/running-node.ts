import { setTimeout as delay } from 'node:timers/promises'
import type { BackendListener } from '../../backend.js'
import type { NodeConfig } from '../../config.js'
import { isWakuError, reasonOf } from '../../errors.js'
import type { MessageHash, ReceivedMessage } from '../../message.js'
import { RecentSet } from '../../recent-set.js'
import { isLargerThan } from '../../wire/waku-message.js'
import { Connections } from './connections.js'
import type { DriverContext, DriverEvent } from './drivers/driver.js'
import { LibraryNode } from './functions.js'
import { HealthWatch } from './health-watch.js'
import type { KnownPeers } from './known-peers.js'
import { PeerQueues } from './peer-queues.js'
import { Publisher } from './publisher.js'
import { findMessage, readEvent, readMessage } from './read-event.js'
import { Reconnector } from './reconnector.js'
import { StoreClient } from './store-client.js'

/** As long, and as many, as gossipsub remembers. */
const duplicateWindowMs = 120_000
const maxRememberedMessages = 100_000

/** How long the library may take to stop before it is left to itself, in milliseconds. */
const stopTimeoutMs = 5000

/** How long is waited between questions to a library that does not respond, in milliseconds. */
const askAgainAfterMs = 1000

/** The most pings of one peer at once. Each is a stream, of which nwaku takes ten, and the bridge, which paces publishing by pings of its own, needs two. */
const maxParallelPings = 4

/** What a node is made with. */
export interface RunningHost {
  readonly config: NodeConfig
  readonly known: KnownPeers
  readonly events: BackendListener
}

/** A node of the library between a start and a stop: what comes from it, and what belongs to it. */
export class RunningNode {
  readonly library: LibraryNode
  readonly connections: Connections
  readonly publisher: Publisher
  readonly storeClient: StoreClient
  readonly pings = new PeerQueues<number>(maxParallelPings)
  readonly #host: RunningHost
  readonly #reconnector: Reconnector
  readonly #health: HealthWatch
  readonly #topics = new Set<string>()
  // What was published, and what came while nobody heard it; of the rest the listener knows.
  readonly #known = new RecentSet(duplicateWindowMs, maxRememberedMessages)
  #unresponsive = false
  #stopped = false

  constructor (context: DriverContext, host: RunningHost) {
    const { config, events, known } = host
    this.#host = host
    this.library = new LibraryNode(context)
    this.#health = new HealthWatch(this.library, this.#topics, events)
    this.connections = new Connections({ config, node: this.library, known, events, changed: () => this.#health.wake() })
    this.#reconnector = new Reconnector(config, this.library, this.connections, known)
    this.storeClient = new StoreClient(this.library, this.connections)
    this.publisher = new Publisher({
      node: this.library,
      isKnown: (messageHash) => this.#isKnown(messageHash),
      isJoined: (topic) => this.#topics.has(topic),
      isHeard: (topic) => this.#topics.has(topic) && this.#isHeard(topic),
      sent: (messageHash, own) => {
        if (this.#known.add(messageHash) && own !== undefined) this.#deliver(own)
      }
    })
  }

  /** The topics that are joined. */
  get topics (): readonly string[] {
    return [...this.#topics]
  }

  /** Begins to connect to peers, once the topics are joined. */
  run (): void {
    this.#reconnector.start()
  }

  /** Notes a topic as joined. */
  joined (pubsubTopic: string): void {
    this.#topics.add(pubsubTopic)
    this.#health.joined(pubsubTopic)
  }

  async subscribe (pubsubTopic: string): Promise<void> {
    await this.library.subscribe(pubsubTopic)
    this.joined(pubsubTopic)
  }

  async unsubscribe (pubsubTopic: string): Promise<void> {
    await this.library.unsubscribe(pubsubTopic)
    this.#topics.delete(pubsubTopic)
    this.#health.left(pubsubTopic)
  }

  /** Base58 ids of the peers in a topic's mesh. */
  async peersInMesh (pubsubTopic: string): Promise<string[]> {
    const peerIds = await this.library.peersInMesh(pubsubTopic)
    this.#health.observe(pubsubTopic, peerIds.length)
    return peerIds
  }

  /** Takes events of the library. Never throws. */
  receive (events: readonly DriverEvent[]): void {
    if (this.#stopped) return
    for (const event of events) {
      try {
        this.#receiveOne(event)
      } catch (error) {
        this.#host.config.logger.warn('an event of the library cannot be read', { reason: reasonOf(error) })
      }
    }
  }

  /** Leaves the network; the rest of the node goes on being taken apart in the background. */
  async stop (): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.#reconnector.stop()
    this.#health.stop()
    this.connections.stop()
    try {
      await this.publisher.flush()
      await this.library.stop(stopTimeoutMs)
    } catch (error) {
      // One that was never started, or does not answer. One whose process has ended has stopped.
      if (!isWakuError(error, 'WAKU_CLOSED')) this.#host.config.logger.warn('libwaku did not stop', { reason: reasonOf(error) })
    } finally {
      this.library.destroy()
    }
  }

  #receiveOne (event: DriverEvent): void {
    const found = findMessage(event)
    if (found !== undefined) {
      if (this.#isKnown(found.messageHash)) return
      if (!this.#isHeard(found.pubsubTopic)) {
        this.#known.add(found.messageHash)
        return
      }
      const received = readMessage(found)
      if (received !== undefined) {
        this.#deliver(received)
        return
      }
    }
    const read = readEvent(event)
    if (read?.kind === 'message' && (found !== undefined || !this.#isKnown(read.received.messageHash))) this.#deliver(read.received)
    if (read?.kind === 'connection') this.connections.heard(read.peerId, read.connected)
    if (read?.kind === 'health') this.#health.wake()
    if (read?.kind === 'responding') this.#tellResponding(read.responding)
  }

  #isKnown (messageHash: MessageHash): boolean {
    return this.#host.events.hasSeen?.(messageHash) === true || this.#known.has(messageHash)
  }

  #isHeard (pubsubTopic: string): boolean {
    return this.#host.events.isHeard?.(pubsubTopic) ?? true
  }

  #deliver (received: ReceivedMessage): void {
    // The library's limit is a little higher, because it counts what is around a message too.
    if (!this.#stopped && !isLargerThan(received.message, this.#host.config.maxMessageSizeBytes)) this.#host.events.message(received)
  }

  #tellResponding (responding: boolean): void {
    if (this.#unresponsive === !responding) return
    this.#unresponsive = !responding
    this.#host.events.unresponsive(!responding)
    if (!responding) void this.#untilItResponds()
  }

  /** Only C tells of the end of such a time. */
  async #untilItResponds (): Promise<void> {
    while (this.#unresponsive && !this.#stopped) {
      try {
        await this.library.version()
        this.#tellResponding(true)
      } catch (error) {
        if (isWakuError(error, 'WAKU_CLOSED')) return
        await delay(askAgainAfterMs, undefined, { ref: false })
      }
    }
  }
}
