import { peerIdOf } from '../../checks.js'
import type { ConnectedPeer, LibraryNode } from './functions.js'

/** How long a peer may take to answer a ping before it is no longer waited for, in milliseconds. */
const slowAfterMs = 5000

/** How long such a peer is left out, in milliseconds. */
const leftOutMs = 30_000

/** How long it is taken for granted which peers are on a topic, in milliseconds. */
const peersAreFreshMs = 1000

/** How many peers are pinged at once: more than a mesh has. The rest have their turn later. */
const maxPinged = 16

/** Pings the peers on topics, to find out when what was published on them is sent. */
export class PeerProbe {
  readonly #node: LibraryNode
  readonly #leftOut = new Map<string, number>()
  readonly #peersOnTopics = new Map<string, { readonly peerIds: readonly string[], readonly since: number }>()
  #connected: { readonly peers: ReadonlyMap<string, ConnectedPeer>, readonly since: number } | undefined
  #turn = 0

  constructor (node: LibraryNode) {
    this.#node = node
  }

  /** Pings every peer concerned and resolves when all have answered, or are found to be slow or gone. A {@link Probe}. */
  async round (pubsubTopics: ReadonlySet<string>, inTurn: boolean): Promise<void> {
    try {
      const addresses = await this.#addressesOn(pubsubTopics)
      await Promise.all(addresses.map(async ([peerId, address]) => await this.#ping(`${address}/p2p/${peerId}`, inTurn)))
    } catch {
      // The node is going away, and with it everything that waits.
    }
  }

  async #ping (address: string, inTurn: boolean): Promise<void> {
    const startedAt = performance.now()
    try {
      await this.#node.ping(address, { timeoutMs: slowAfterMs, inTurn })
    } catch {
      // A peer that does not speak ping has answered too, unless it took all the time.
      if (performance.now() - startedAt >= slowAfterMs) this.#leftOut.set(peerIdOf(address), startedAt + leftOutMs)
    }
  }

  async #addressesOn (topics: Iterable<string>): Promise<Array<[peerId: string, address: string]>> {
    const peerIds = new Set<string>()
    for (const topic of topics) for (const peerId of await this.#peersOn(topic)) peerIds.add(peerId)
    const connected = await this.#connectedPeers()
    const now = performance.now()
    const asked = [...peerIds].filter((peerId) => (this.#leftOut.get(peerId) ?? 0) < now)
    return this.#choose(asked).flatMap((peerId) => {
      const [address] = connected.get(peerId)?.addresses ?? []
      return address === undefined ? [] : [[peerId, address] as [string, string]]
    })
  }

  #choose (peerIds: string[]): string[] {
    if (peerIds.length <= maxPinged) return peerIds
    this.#turn = (this.#turn + maxPinged) % peerIds.length
    return [...peerIds, ...peerIds].slice(this.#turn, this.#turn + maxPinged)
  }

  async #peersOn (topic: string): Promise<readonly string[]> {
    const known = this.#peersOnTopics.get(topic)
    const now = performance.now()
    if (known !== undefined && now - known.since < peersAreFreshMs) return known.peerIds
    const peerIds = await this.#node.peersOnTopic(topic)
    this.#peersOnTopics.set(topic, { peerIds, since: now })
    return peerIds
  }

  async #connectedPeers (): Promise<ReadonlyMap<string, ConnectedPeer>> {
    const now = performance.now()
    if (this.#connected === undefined || now - this.#connected.since >= peersAreFreshMs) {
      this.#connected = { peers: await this.#node.connectedPeers(), since: now }
    }
    return this.#connected.peers
  }
}
