import type { WaitOptions } from './deadline.js'
import type { MessageHash, WakuMessage } from './message.js'

/** The most messages on one page (store v3, LIP 13). */
export const maxPageSize = 100

/** The number of messages on a page when the query names none. */
export const defaultPageSize = 20

/** The most content topics in one query (LIP 13). */
export const maxContentTopicsPerQuery = 10

/** A question to a message store. Everything given must hold (AND); nothing given means every message. */
export interface StoreQuery {
  /** With `contentTopics` alone, autosharding derives it. */
  readonly pubsubTopic?: string | undefined
  /** Messages on any of these. At most 10 for a page; `queryStoreAll` takes more. */
  readonly contentTopics?: readonly string[] | undefined
  /** Nanoseconds since the Unix epoch, inclusive. */
  readonly timeStart?: bigint | undefined
  /** Nanoseconds since the Unix epoch, inclusive. */
  readonly timeEnd?: bigint | undefined
  /** Messages with any of these hashes. */
  readonly messageHashes?: readonly MessageHash[] | undefined
  /** True, the default, also returns the messages; false only their hashes. */
  readonly includeData?: boolean | undefined
  /** The `paginationCursor` of the page before; absent for the first page. */
  readonly paginationCursor?: MessageHash | undefined
  /** True, the default, walks from the oldest message to the newest, false the other way; within a page the oldest is always first. */
  readonly paginationForward?: boolean | undefined
  /** Messages on a page: 20 by default, at most 100. */
  readonly paginationLimit?: number | undefined
}

/** Where {@link WakuNode.queryStore} asks. */
export interface StoreQueryOptions extends WaitOptions {
  /** A peer id, a multiaddr with `/p2p/{peerId}`, or the node's own peer id for its own store. By default one of `storePeers`, else a connected store. */
  readonly peer?: string | undefined
}

/** One hit. `message` and `pubsubTopic` are absent when the query said `includeData: false`. */
export interface StoredMessage {
  readonly messageHash: MessageHash
  readonly message?: WakuMessage | undefined
  readonly pubsubTopic?: string | undefined
}

/** One page of hits, oldest first: ascending by timestamp, then by hash. */
export interface StorePage {
  readonly messages: readonly StoredMessage[]
  /** Present only if there are more. */
  readonly paginationCursor?: MessageHash | undefined
}
