import { randomUUID } from 'node:crypto'
import type { Libp2p } from '@libp2p/interface'
import type { NodeConfig } from '../../config.js'
import { WakuError } from '../../errors.js'
import { messageHash } from '../../message.js'
import { protocolIds } from '../../peers.js'
import { maxPageSize, type StorePage, type StoreQuery } from '../../store.js'
import { decodeStoreQueryResponse, encodeStoreQueryRequest } from '../../wire/store-query.js'
import { request } from './framing.js'

/** Room for the hash, the topic and the framing of one message on a page, in bytes. */
const overheadPerMessageBytes = 1024

/** Asks stores (store v3, LIP 13). */
export class StoreClient {
  readonly #libp2p: Libp2p
  readonly #maxResponseBytes: number

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
    const bytes = await request(this.#libp2p, peer, protocolIds.store, encodeStoreQueryRequest(requestId, query), this.#maxResponseBytes, signal)
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
}

function malformed (text: string): WakuError {
  return new WakuError('WAKU_MALFORMED_REPLY', text, { operation: 'queryStore' })
}
