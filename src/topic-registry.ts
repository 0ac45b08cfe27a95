import type { Backend } from './backend.js'

/** Which pubsub topics are wanted, by whom, and whether the running backend has joined them. */
export class TopicRegistry {
  readonly #pinned: ReadonlySet<string>
  readonly #uses = new Map<string, number>()
  readonly #joined = new Set<string>()
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

  /** A backend has started with these topics joined. */
  attach (backend: Backend, joined: readonly string[]): void {
    this.#backend = backend
    for (const topic of joined) this.#joined.add(topic)
  }

  /** The backend has stopped. */
  detach (): void {
    this.#backend = undefined
    this.#joined.clear()
  }

  /** One more use of a topic; resolves when the backend, if it runs, has joined it. */
  async acquire (topic: string): Promise<void> {
    this.#uses.set(topic, (this.#uses.get(topic) ?? 0) + 1)
    try {
      await this.#settle(topic)
    } catch (error) {
      this.#drop(topic)
      throw error
    }
  }

  /** One use less; resolves when the backend has left a topic that nobody wants. */
  async release (topic: string): Promise<void> {
    this.#drop(topic)
    await this.#settle(topic)
  }

  #drop (topic: string): void {
    const uses = (this.#uses.get(topic) ?? 0) - 1
    if (uses > 0) this.#uses.set(topic, uses)
    else this.#uses.delete(topic)
  }

  // One at a time, and each looks at what is wanted when its turn comes, so that a quick change of mind costs nothing.
  async #settle (topic: string): Promise<void> {
    const turn = this.#last.then(async () => {
      const wanted = this.#pinned.has(topic) || this.#uses.has(topic)
      if (this.#backend === undefined || wanted === this.#joined.has(topic)) return
      if (wanted) {
        await this.#backend.subscribe(topic)
        this.#joined.add(topic)
      } else if (this.#backend.supports.unsubscribe) {
        await this.#backend.unsubscribe(topic)
        this.#joined.delete(topic)
      }
    })
    this.#last = turn.catch(() => {})
    await turn
  }
}
