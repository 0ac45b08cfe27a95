import { randomUUID } from 'node:crypto'
import { Queue } from '@libp2p/utils'
import { peerIdOf } from '../../checks.js'
import type { StorePage, StoreQuery } from '../../store.js'
import type { Connections } from './connections.js'
import type { Reply } from './drivers/driver.js'
import type { LibraryNode } from './functions.js'
import { readStorePage, storeQueryText } from './store-reply.js'

/** The most queries to one store at once. Each is a stream, and nwaku takes ten of a protocol from a peer; the others wait. */
const maxParallelQueries = 8

/** Asks stores. */
export class StoreClient {
  readonly #node: LibraryNode
  readonly #connections: Connections
  readonly #queues = new Map<string, Queue<Reply>>()

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
    const reply = await this.#queueTo(peerIdOf(peer)).add(async () =>
      await this.#node.queryStore(storeQueryText(requestId, query), address, signal), { signal })
    return await readStorePage(reply, requestId, peer)
  }

  #queueTo (peerId: string): Queue<Reply> {
    let queue = this.#queues.get(peerId)
    if (queue === undefined) {
      this.#queues.set(peerId, queue = new Queue({ concurrency: maxParallelQueries }))
      queue.addEventListener('idle', () => this.#queues.delete(peerId))
    }
    return queue
  }
}
