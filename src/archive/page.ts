import { hashToHex } from '../message.js'
import type { StorePage, StoreQuery, StoredMessage } from '../store.js'
import { defaultPageSize, maxPageSize } from '../store.js'

/** Reads the page size of a query: 20 unless it says otherwise, at most 100. */
export function pageSizeOf (query: StoreQuery): number {
  const limit = query.paginationLimit ?? defaultPageSize
  return limit < 1 ? defaultPageSize : Math.min(limit, maxPageSize)
}

/**
 * Cuts what was walked down to one page.
 *
 * @param walked - the hits in the order of the walk, at most one more than the page holds, which tells that there are more.
 * @param toStored - makes the messages of the page, in the order of the walk.
 */
export function toPage<T extends { readonly hash: Uint8Array }> (
  query: StoreQuery, walked: readonly T[], toStored: (hits: readonly T[]) => StoredMessage[]
): StorePage {
  const limit = pageSizeOf(query)
  const hits = walked.slice(0, limit)
  const last = hits.at(-1)
  const messages = toStored(hits)
  if (query.paginationForward === false) messages.reverse()
  if (last === undefined || walked.length <= limit) return { messages }
  return { messages, paginationCursor: hashToHex(last.hash) }
}
