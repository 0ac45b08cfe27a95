import type { Backend } from '../backend.js'

/** Which pubsub topics are wanted, by whom, and whether the running backend has joined them. */
export class TopicRegistry {
  readonly #pinned: ReadonlySet<string>
  readonly #uses = new Map<string, number>()
  #joined = new Set<string>()
  #backend: Pick<Backend, 'subscribe' | 'unsubscribe' | 'supports'> | undefined
  #last: Promise<unknown> = Promise.resolve()

  /** @param pinned - topics that are wanted as long as the node runs. */
  constructor (pinned: readonly string[]) {
    this.#pinned = new Set(pinned)
  }

  /** The topics that are wanted now. */
  get wanted (): readonly string[] {
    return [...new Set([...this.#pinned, ...this.#uses.keys()])]
  }

  /** Tells whether a topic is wanted now. */
  isWanted (topic: string): boolean {
    return this.#pinned.has(topic) || this.#uses.has(topic)
  }

  /** A backend has started with these topics joined; resolves when it has joined or left what changed meanwhile. */
  async attach (backend: Backend, joined: readonly string[]): Promise<void> {
    this.#backend = backend
    this.#joined = new Set(joined)
    await Promise.all([...new Set([...joined, ...this.wanted])].map(async (topic) => await this.#settle(topic)))
  }

  /** The backend has stopped. */
  detach (): void {
    this.#backend = undefined
  }

  /** One more use of a topic, to be released also when this fails; resolves when the backend, if it runs, has joined it. */
  async acquire (topic: string): Promise<void> {
    this.#uses.set(topic, (this.#uses.get(topic) ?? 0) + 1)
    await this.#settle(topic)
  }

  /** One use less; resolves when the backend has left a topic that nobody wants. */
  async release (topic: string): Promise<void> {
    const uses = (this.#uses.get(topic) ?? 0) - 1
    if (uses > 0) this.#uses.set(topic, uses)
    else this.#uses.delete(topic)
    await this.#settle(topic)
  }

  // One at a time, and each looks at what is wanted when its turn comes, so that a quick change of mind costs nothing.
  async #settle (topic: string): Promise<void> {
    const turn = this.#last.then(async () => {
      const wanted = this.isWanted(topic)
      const [backend, joined] = [this.#backend, this.#joined]
      if (backend === undefined || wanted === joined.has(topic)) return
      if (wanted) {
        await backend.subscribe(topic)
        joined.add(topic)
      } else if (backend.supports.unsubscribe) {
        await backend.unsubscribe(topic)
        joined.delete(topic)
      }
    })
    this.#last = turn.catch(() => {})
    await turn
  }
}
