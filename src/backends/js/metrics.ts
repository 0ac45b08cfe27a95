import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Upper bounds of nwaku's message size histogram, in kB. */
const messageSizeBuckets = [0, 1, 3, 5, 15, 50, 75, 100, 125, 150, 500, 700, 1000]

/** Values that are only looked up when somebody asks. */
export interface MetricSources {
  numConnectedPeers (): number
  numKnownPeers (): Promise<number>
  numRelayPeers (): number
  topics (): readonly string[]
  numPeersInMesh (pubsubTopic: string): number
  numStoredMessages (): Promise<number | undefined>
}

/** This node's metrics under nwaku's names, so that its dashboards and test suites find them. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #rejected = this.#counter('waku_relay_rejected_messages', 'number of messages that failed validation', [])
  readonly #traffic = new Map<string, { numMessages: number, bytesIn: number, bytesOut: number }>()
  readonly #requests = this.#counter('waku_service_requests', 'requests to services', ['service', 'state'])
  readonly #dials = this.#counter('libp2p_total_dial_attempts', 'dial attempts', [])
  readonly #failedDials = this.#counter('libp2p_failed_dials', 'dials that failed', [])
  readonly #successfulDials = this.#counter('libp2p_successful_dials', 'dials that succeeded', [])
  readonly #size = new Histogram({
    name: 'waku_histogram_message_size', help: 'message size in kB', buckets: messageSizeBuckets, registers: [this.#registry]
  })

  /** @param version - told as a label of `waku_version`. */
  constructor (version: string, sources: MetricSources) {
    this.#gauge('waku_version', 'version of the node', ['version'], (gauge) => gauge.set({ version }, 1))
    this.#gauge('libp2p_peers', 'connected peers', [], (gauge) => gauge.set(sources.numConnectedPeers()))
    this.#gauge('waku_connected_peers', 'connected peers', [], (gauge) => gauge.set(sources.numConnectedPeers()))
    this.#gauge('waku_peer_store_size', 'known peers', [], async (gauge) => gauge.set(await sources.numKnownPeers()))
    this.#gauge('libp2p_pubsub_peers', 'peers that speak relay', [], (gauge) => gauge.set(sources.numRelayPeers()))
    this.#gauge('libp2p_pubsub_topics', 'pubsub topics subscribed', [], (gauge) => gauge.set(sources.topics().length))
    this.#gauge('libp2p_gossipsub_peers_per_topic_mesh', 'peers in the mesh', ['topic'], (gauge) => {
      gauge.reset()
      for (const topic of sources.topics()) gauge.set({ topic }, sources.numPeersInMesh(topic))
    })
    this.#gauge('waku_node_messages_total', 'messages received', ['type'], (gauge) => {
      gauge.set({ type: 'relay' }, [...this.#traffic.values()].reduce((sum, { numMessages }) => sum + numMessages, 0))
    })
    this.#gauge('waku_relay_network_bytes_total', 'bytes of messages and topics', ['topic', 'type', 'direction'], (gauge) => {
      for (const [topic, { bytesIn, bytesOut }] of this.#traffic) {
        gauge.set({ topic, type: 'net', direction: 'in' }, bytesIn)
        gauge.set({ topic, type: 'net', direction: 'out' }, bytesOut)
      }
    })
    this.#gauge('waku_archive_messages', 'messages in the archive', ['type'], async (gauge) => {
      const stored = await sources.numStoredMessages()
      if (stored !== undefined) gauge.set({ type: 'stored' }, stored)
    })
  }

  /** Returns all in Prometheus text format. */
  async text (): Promise<string> {
    return await this.#registry.metrics()
  }

  received (topic: string, numBytes: number): void {
    const traffic = this.#trafficOf(topic)
    traffic.numMessages++
    traffic.bytesIn += numBytes + topic.length
    this.#size.observe(numBytes / 1000)
  }

  published (topic: string, numBytes: number): void {
    this.#trafficOf(topic).bytesOut += numBytes + topic.length
  }

  rejected (): void {
    this.#rejected.inc()
  }

  served (service: string, accepted: boolean): void {
    this.#requests.inc({ service, state: accepted ? 'served' : 'rejected' })
  }

  dialled (succeeded: boolean): void {
    this.#dials.inc()
    if (succeeded) this.#successfulDials.inc()
    else this.#failedDials.inc()
  }

  // Plain numbers, because looking labels up for every message costs more than all else here.
  #trafficOf (topic: string): { numMessages: number, bytesIn: number, bytesOut: number } {
    let traffic = this.#traffic.get(topic)
    if (traffic === undefined) this.#traffic.set(topic, traffic = { numMessages: 0, bytesIn: 0, bytesOut: 0 })
    return traffic
  }

  #counter (name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name: `${name}_total`, help, labelNames, registers: [this.#registry] })
  }

  #gauge (name: string, help: string, labelNames: string[], collect: (gauge: Gauge) => void | Promise<void>): void {
    // Reached through the registry.
    // eslint-disable-next-line no-new
    new Gauge({ name, help, labelNames, registers: [this.#registry], async collect () { await collect(this) } })
  }
}
