import type { PeerInfo } from '../../peers.js'

/** How many peers of a kind are remembered; of more the newest. */
const maxPeers = 1000

/** How many addresses of a peer are tried. */
const maxAddresses = 4

/** Which peers a backend is connected to, and what is needed to bring a new process to the same peers. */
export class PeerMemory {
  readonly #connected = new Set<string>()
  // By peer id: what the application dialled, and at which addresses else connected peers listen.
  readonly #dialled = new Map<string, readonly string[]>()
  readonly #learnt = new Map<string, readonly string[]>()
  readonly #released = new Map<string, true>()

  /** Whether any peer is connected. */
  get hasConnected (): boolean {
    return this.#connected.size > 0
  }

  /** Whether it is unknown where some connected peer listens. */
  get hasUnlearnt (): boolean {
    return [...this.#connected].some((peerId) => !this.#dialled.has(peerId) && !this.#learnt.has(peerId))
  }

  /** Peers that the application disconnected and that have not come back by themselves: they are to be left alone. */
  get released (): readonly string[] {
    return [...this.#released.keys()]
  }

  connected (peerId: string): void {
    this.#connected.add(peerId)
    this.#released.delete(peerId)
  }

  disconnected (peerId: string): void {
    this.#connected.delete(peerId)
    this.#learnt.delete(peerId)
  }

  /** The application has dialled a peer at an address that ends in its id. */
  dialled (address: string): void {
    const peerId = address.slice(address.lastIndexOf('/') + 1)
    this.#released.delete(peerId)
    putNewest(this.#dialled, peerId, [address])
  }

  /** The application has disconnected a peer. */
  release (peerId: string): void {
    this.#dialled.delete(peerId)
    this.#learnt.delete(peerId)
    putNewest(this.#released, peerId, true)
  }

  /** Keeps the addresses of connected peers, which may have come by themselves. */
  learn (peers: readonly PeerInfo[]): void {
    for (const { peerId, addresses, direction } of peers) {
      if (!this.#connected.has(peerId) || this.#dialled.has(peerId)) continue
      // The first one is in use: of a peer that came by itself, a port that nobody listens on.
      const [first, ...others] = addresses
      const listening = direction === 'outbound' ? addresses : direction === undefined && first !== undefined ? [...others, first] : others
      if (listening.length > 0) putNewest(this.#learnt, peerId, listening.slice(0, maxAddresses).map((address) => `${address}/p2p/${peerId}`))
    }
  }

  /** The process is gone, and its connections with it. @returns the peers that were connected, base58. */
  lose (): readonly string[] {
    const lost = [...this.#connected]
    this.#connected.clear()
    return lost
  }

  /** The addresses of each peer that is to be connected again, but for some. @param except - base58 peer ids. */
  addresses (except: ReadonlySet<string>): ReadonlyArray<readonly string[]> {
    return [...this.#dialled, ...this.#learnt].filter(([peerId]) => !except.has(peerId)).map(([, addresses]) => addresses)
  }
}

function putNewest<V> (map: Map<string, V>, key: string, value: V): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > maxPeers && oldest !== undefined) map.delete(oldest)
}
