import type { BackendEvents } from '../../backend.js'
import { topicHealthOf, type TopicHealth } from '../../peers.js'
import type { LibraryNode } from './functions.js'

/** How soon meshes are looked at after something happened, and how seldom when nothing does, in milliseconds. */
const minIntervalMs = 50
const maxIntervalMs = 5000

/**
 * Tells when the health of a topic changes. It counts the peers in the meshes itself: of the library's own events some come
 * ten seconds late, and each generation has others.
 */
export class HealthWatch {
  readonly #node: LibraryNode
  readonly #topics: ReadonlySet<string>
  readonly #events: Pick<BackendEvents, 'topicHealth'>
  readonly #health = new Map<string, TopicHealth>()
  #timer: NodeJS.Timeout | undefined
  #intervalMs = minIntervalMs
  #stopped = false

  /** @param topics - those that are joined; read anew each time. */
  constructor (node: LibraryNode, topics: ReadonlySet<string>, events: Pick<BackendEvents, 'topicHealth'>) {
    this.#node = node
    this.#topics = topics
    this.#events = events
  }

  /** Something happened that may change meshes: looks soon, and then less and less often. */
  wake (): void {
    this.#intervalMs = minIntervalMs
    this.#plan()
  }

  /** Tells at once what a topic that was just joined begins with. */
  joined (topic: string): void {
    this.#tell(topic, 'Unhealthy')
    this.wake()
  }

  /** Tells what somebody else has just seen, so that no event is behind what the application reads. */
  observe (topic: string, numPeersInMesh: number): void {
    if (!this.#stopped && this.#topics.has(topic)) this.#tell(topic, topicHealthOf(numPeersInMesh))
  }

  left (topic: string): void {
    this.#health.delete(topic)
  }

  stop (): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #plan (): void {
    clearTimeout(this.#timer)
    if (this.#stopped) return
    this.#timer = setTimeout(() => { this.#look().catch(() => {}).finally(() => this.#plan()) }, this.#intervalMs).unref()
    this.#intervalMs = Math.min(this.#intervalMs * 2, maxIntervalMs)
  }

  async #look (): Promise<void> {
    for (const topic of this.#topics) {
      this.observe(topic, await this.#node.numPeersInMesh(topic))
    }
  }

  #tell (topic: string, health: TopicHealth): void {
    if (this.#health.get(topic) === health) return
    this.#health.set(topic, health)
    this.#events.topicHealth(topic, health)
  }
}
