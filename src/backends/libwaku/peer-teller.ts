import type { LibraryNode } from './functions.js'

/** How often the peers are looked up while messages are published, in milliseconds. */
const intervalMs = 1000

/** After how much they are: half of what the bridge lets through before it asks anybody. */
const dueMessages = 128
const dueBytes = 62_500

/** For how many times more the peers of a topic are told: longer than a message of it may be held. */
const keptTimes = 60

/** What a message counts for beside its payload; in bytes. */
const overheadBytes = 200

/** Tells the bridge which peers take what is published, which it paces by them. With few messages nobody is looked up. */
export class PeerTeller {
  readonly #node: LibraryNode
  readonly #isBusy: () => boolean
  /** What is published on, and how many times the peers had been told when it was last. */
  readonly #topics = new Map<string, number>()
  #lastTopic: string | undefined
  #numTimes = 0
  #messages = 0
  #bytes = 0
  #toldAt = -Infinity
  #isTelling = false
  #timer: NodeJS.Timeout | undefined

  /** @param isBusy - whether messages are handed over that have no answer. */
  constructor (node: LibraryNode, isBusy: () => boolean) {
    this.#node = node
    this.#isBusy = isBusy
  }

  /** A message is handed over. */
  published (pubsubTopic: string, payloadBytes: number): void {
    if (pubsubTopic !== this.#lastTopic) this.#topics.set(this.#lastTopic = pubsubTopic, this.#numTimes)
    this.#messages++
    this.#bytes += payloadBytes + overheadBytes
    if (this.#isTelling) return
    if (this.#isDue && performance.now() - this.#toldAt >= intervalMs) void this.#tell()
    else this.#timer ??= setTimeout(() => this.#look(), intervalMs).unref()
  }

  get #isDue (): boolean { return this.#messages > dueMessages || this.#bytes > dueBytes }

  /** What has no answer for so long may be held because of a peer. */
  #look (): void {
    this.#timer = undefined
    if (!this.#isTelling && (this.#isDue || this.#isBusy())) void this.#tell()
  }

  /** Never rejects. */
  async #tell (): Promise<void> {
    this.#isTelling = true
    this.#numTimes++
    for (const [topic, last] of this.#topics) if (last + keptTimes < this.#numTimes) this.#topics.delete(topic)
    this.#lastTopic = undefined
    this.#messages = this.#bytes = 0
    try {
      await this.#node.setPeers(await this.addresses())
    } catch {
      // The node is going away, or the library busy with something: then it is tried again.
    }
    this.#toldAt = performance.now()
    this.#isTelling = false
    if (this.#isDue || this.#isBusy()) this.#timer ??= setTimeout(() => this.#look(), intervalMs).unref()
  }

  /** Looks up the peers on the topics that were published on lately: their multiaddrs, with their ids. */
  async addresses (): Promise<string[]> {
    const peerIds = new Set<string>()
    for (const topic of [...this.#topics.keys()]) for (const peerId of await this.#node.peersOnTopic(topic)) peerIds.add(peerId)
    const connected = await this.#node.connectedPeers()
    return [...peerIds].flatMap((peerId) => {
      const [address] = connected.get(peerId)?.addresses ?? []
      return address === undefined ? [] : [`${address}/p2p/${peerId}`]
    })
  }
}
