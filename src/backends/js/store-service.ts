import type { Libp2p } from '@libp2p/interface'
import type { Archive } from '../../archive/archive.js'
import type { NodeConfig } from '../../config.js'
import { isWakuError, reasonOf, WakuError } from '../../errors.js'
import { hashToHex, type MessageHash } from '../../message.js'
import { protocolIds } from '../../peers.js'
import { defaultPageSize, maxContentTopicsPerQuery, maxPageSize, type StorePage, type StoreQuery } from '../../store.js'
import { decodeStoreQueryRequest, encodeStoreQueryResponse, type StoreQueryRequest } from '../../wire/store-query.js'
import { serve } from './framing.js'
import type { Metrics } from './metrics.js'
import { TokenBucket } from './token-bucket.js'

/** The largest request that is read, in bytes: a thousand hashes and ten long topics fit. */
const maxRequestBytes = 64 * 1024

/** What nwaku writes as the request id of an answer to a request it did not read. */
const unknownRequestId = 'N/A'

/** Finds pages in this node's own archive, with everything added to it so far. */
export type FindPage = (query: StoreQuery) => ReturnType<Archive['query']>

/** Serves this node's archive to peers (store v3, LIP 13), with nwaku's limits, codes and texts. */
export class StoreService {
  readonly #find: FindPage
  readonly #metrics: Metrics
  readonly #bucket: TokenBucket

  constructor (config: NodeConfig, find: FindPage, metrics: Metrics) {
    this.#find = find
    this.#metrics = metrics
    this.#bucket = new TokenBucket(config.rateLimits.store)
  }

  /** Answers what peers ask. */
  async mount (libp2p: Libp2p): Promise<void> {
    await libp2p.handle(protocolIds.store, async (stream) => {
      await serve(stream, maxRequestBytes, async (request) => await this.#answer(request))
    }, { runOnLimitedConnection: true })
  }

  async #answer (bytes: Uint8Array): Promise<Uint8Array> {
    if (!this.#bucket.take()) {
      this.#metrics.served('store', false)
      return respond(unknownRequestId, 429, 'TOO_MANY_REQUESTS')
    }
    this.#metrics.served('store', true)
    let request: StoreQueryRequest
    try {
      request = decodeStoreQueryRequest(bytes)
    } catch (error) {
      return respond(unknownRequestId, 400, `decoding rpc failed: ${reasonOf(error)}`)
    }
    try {
      return respond(request.requestId, 200, 'OK', await this.#find(readQuery(request)))
    } catch (error) {
      if (isWakuError(error, 'WAKU_STORE_FAILED')) return respond(request.requestId, error.details.statusCode, error.details.statusDesc)
      return respond(request.requestId, 503, `SERVICE_UNAVAILABLE: ${isWakuError(error) ? error.code : 'internal error'}`)
    }
  }
}

function respond (requestId: string, statusCode: number, statusDesc: string, page: StorePage = { messages: [] }): Uint8Array {
  return encodeStoreQueryResponse({ requestId, statusCode, statusDesc, page })
}

/** @throws {WakuError} `WAKU_STORE_FAILED` with the code and text to answer. */
function readQuery (request: StoreQueryRequest): StoreQuery {
  const { contentTopics, paginationCursor, paginationLimit, timeStart, timeEnd } = request
  // nwaku refuses more than ten only on later pages; on the first, too, their cost is the same.
  if (contentTopics.length > maxContentTopicsPerQuery) throw badRequest('too many content topics')
  const limit = paginationLimit === undefined || paginationLimit <= 0n ? defaultPageSize : Number(paginationLimit)
  return {
    pubsubTopic: request.pubsubTopic === '' ? undefined : request.pubsubTopic,
    contentTopics: contentTopics.length === 0 ? undefined : contentTopics,
    // nwaku takes times up to 0 for absent.
    timeStart: timeStart === undefined || timeStart <= 0n ? undefined : timeStart,
    timeEnd: timeEnd === undefined || timeEnd <= 0n ? undefined : timeEnd,
    messageHashes: request.messageHashes.length === 0 ? undefined : request.messageHashes.map(readHash),
    includeData: request.includeData ?? false,
    paginationCursor: paginationCursor === undefined || paginationCursor.byteLength === 0 ? undefined : readCursor(paginationCursor),
    paginationForward: request.paginationForward ?? true,
    paginationLimit: Math.min(limit, maxPageSize)
  }
}

function readHash (bytes: Uint8Array): MessageHash {
  if (bytes.byteLength !== 32) throw badRequest(`invalid hash length: ${bytes.byteLength}`)
  return hashToHex(bytes)
}

function readCursor (bytes: Uint8Array): MessageHash {
  if (bytes.byteLength === 32 && bytes.every((byte) => byte === 0)) throw badRequest('all zeroes cursor hash')
  return readHash(bytes)
}

function badRequest (reason: string): WakuError {
  const statusDesc = `BAD_REQUEST: ${reason}`
  return new WakuError('WAKU_STORE_FAILED', statusDesc, { statusCode: 400, statusDesc })
}
