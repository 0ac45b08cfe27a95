import { createHash } from 'node:crypto'

const maxCached = 10_000

/**
 * Computes the 16 bytes by which messages of one content topic on one pubsub topic are found. Indexes hold them in place
 * of the topics, whose length senders choose. 128 bits of SHA-256: no two topics share a key, not even on purpose.
 */
export class TopicKeys {
  readonly #cache = new Map<string, Buffer>()

  of (pubsubTopic: string, contentTopic: string): Buffer {
    // The length parts the two: topics can hold any character.
    const name = `${pubsubTopic.length}:${pubsubTopic}${contentTopic}`
    const cached = this.#cache.get(name)
    if (cached !== undefined) return cached
    const key = createHash('sha256').update(name).digest().subarray(0, 16)
    // Senders invent topics, so the cache must not grow with them.
    if (this.#cache.size >= maxCached) this.#cache.clear()
    this.#cache.set(name, key)
    return key
  }
}
