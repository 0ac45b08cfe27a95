import type { ConnectionStatus, TopicHealth } from '../peers.js'

/** Derives how well a node is connected from what happens to peers and topics, and tells when it changes. */
export class ConnectionTracker {
  readonly #peers = new Set<string>()
  readonly #topics = new Map<string, TopicHealth>()
  readonly #changed: (status: ConnectionStatus) => void
  #status: ConnectionStatus = 'Disconnected'

  constructor (changed: (status: ConnectionStatus) => void) {
    this.#changed = changed
  }

  get status (): ConnectionStatus {
    return this.#status
  }

  connected (peerId: string): void {
    this.#peers.add(peerId)
    this.#update()
  }

  disconnected (peerId: string): void {
    this.#peers.delete(peerId)
    this.#update()
  }

  health (pubsubTopic: string, health: TopicHealth): void {
    this.#topics.set(pubsubTopic, health)
    this.#update()
  }

  left (pubsubTopic: string): void {
    this.#topics.delete(pubsubTopic)
    this.#update()
  }

  /** The node has left the network. */
  reset (): void {
    this.#peers.clear()
    this.#topics.clear()
    this.#update()
  }

  #update (): void {
    const status = this.#derive()
    if (status === this.#status) return
    this.#status = status
    this.#changed(status)
  }

  #derive (): ConnectionStatus {
    if (this.#peers.size === 0) return 'Disconnected'
    const healths = [...this.#topics.values()]
    return healths.length > 0 && healths.every((health) => health === 'SufficientlyHealthy') ? 'Connected' : 'PartiallyConnected'
  }
}
