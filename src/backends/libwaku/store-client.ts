import { randomUUID } from 'node:crypto'
import { peerIdOf } from '../../checks.js'
import type { StorePage, StoreQuery } from '../../store.js'
import type { Connections } from './connections.js'
import type { Reply } from './drivers/driver.js'
import type { LibraryNode } from './functions.js'
import { PeerQueues } from './peer-queues.js'
import { readStorePage, storeQueryText } from './store-reply.js'

/** The most queries to one store at once. Each is a stream, and nwaku takes ten of a protocol from a peer; the others wait. */
const maxParallelQueries = 8

/** Asks stores. */
export class StoreClient {
  readonly #node: LibraryNode
  readonly #connections: Connections
  readonly #queues = new PeerQueues<Reply>(maxParallelQueries)

  constructor (node: LibraryNode, connections: Connections) {
    this.#node = node
    this.#connections = connections
  }

  /**
   * Asks one store for one page.
   *
   * @param peer - a peer id or a multiaddr.
   * @throws {WakuError} `WAKU_PEER_UNREACHABLE`, `WAKU_STORE_FAILED`, `WAKU_MALFORMED_REPLY`
   */
  async query (query: StoreQuery, peer: string, signal: AbortSignal): Promise<StorePage> {
    const requestId = randomUUID()
    const address = await this.#connections.addressOf(peer)
    const reply = await this.#queues.run(peerIdOf(peer), signal, async () =>
      await this.#node.queryStore(storeQueryText(requestId, query), address, signal))
    return await readStorePage(reply, requestId, peer)
  }
}
