import { randomUUID } from 'node:crypto'
import type { Libp2p } from '@libp2p/interface'
import { Queue } from '@libp2p/utils'
import type { NodeConfig } from '../../config.js'
import { WakuError } from '../../errors.js'
import { messageHash } from '../../message.js'
import { protocolIds } from '../../peers.js'
import { maxPageSize, type StorePage, type StoreQuery } from '../../store.js'
import { decodeStoreQueryResponse, encodeStoreQueryRequest } from '../../wire/store-query.js'
import { request } from './framing.js'

/** Room for the hash, the topic and the framing of one message on a page, in bytes. */
const overheadPerMessageBytes = 1024

/** The most queries to one store at once. Each is a stream, and a js-libp2p peer takes 32 of a protocol; the others wait. */
const maxParallelQueries = 16

/** Asks stores (store v3, LIP 13). */
export class StoreClient {
  readonly #libp2p: Libp2p
  readonly #maxResponseBytes: number
  readonly #queues = new Map<string, Queue<Uint8Array>>()

  constructor (config: NodeConfig, libp2p: Libp2p) {
    this.#libp2p = libp2p
    this.#maxResponseBytes = maxPageSize * (config.maxMessageSizeBytes + overheadPerMessageBytes)
  }

  /**
   * Asks one store for one page, and checks that it answers this query with messages under their own hashes.
   *
   * @param peer - a peer id or a multiaddr.
   * @throws {WakuError} `WAKU_PEER_UNREACHABLE`, `WAKU_STORE_FAILED`, `WAKU_MALFORMED_REPLY`
   */
  async query (query: StoreQuery, peer: string, signal: AbortSignal): Promise<StorePage> {
    const requestId = randomUUID()
    const bytes = await this.#queueTo(peer).add(async () =>
      await request(this.#libp2p, peer, protocolIds.store, encodeStoreQueryRequest(requestId, query), this.#maxResponseBytes, signal), { signal })
    const response = decodeStoreQueryResponse(bytes)
    const { statusCode, statusDesc, page } = response
    if (statusCode !== 200) throw new WakuError('WAKU_STORE_FAILED', `the store answered ${statusCode}: ${statusDesc}`, { statusCode, statusDesc })
    if (response.requestId !== requestId) throw malformed('the store answered another request')
    for (const stored of page.messages) {
      if (stored.message !== undefined && messageHash(stored.pubsubTopic ?? '', stored.message) !== stored.messageHash) {
        throw malformed(`the store told a message under a hash that is not its own, ${stored.messageHash}`)
      }
    }
    return page
  }

  #queueTo (peer: string): Queue<Uint8Array> {
    let queue = this.#queues.get(peer)
    if (queue === undefined) {
      this.#queues.set(peer, queue = new Queue({ concurrency: maxParallelQueries }))
      queue.addEventListener('idle', () => this.#queues.delete(peer))
    }
    return queue
  }
}

function malformed (text: string): WakuError {
  return new WakuError('WAKU_MALFORMED_REPLY', text, { operation: 'queryStore' })
}
