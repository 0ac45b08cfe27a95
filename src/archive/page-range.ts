import type { StoreQuery } from '../store.js'

/** What messages are ordered by: the timestamp, then the 32 bytes of the hash. */
export interface MessageKey {
  readonly timestamp: bigint
  readonly hash: Uint8Array
}

/** The part of the order that a query walks, both ends exclusive. */
export interface PageRange {
  readonly after: MessageKey
  readonly before: MessageKey
}

const minTimestamp = -(2n ** 63n)
const maxTimestamp = 2n ** 63n - 1n
// Sort before and after every hash of 32 bytes, so that exclusive ends made of them include a whole timestamp.
const beforeAllHashes = new Uint8Array(0)
const afterAllHashes = new Uint8Array(33).fill(0xff)

/** The whole order. */
export const wholeRange: PageRange = {
  after: { timestamp: minTimestamp, hash: beforeAllHashes },
  before: { timestamp: maxTimestamp, hash: afterAllHashes }
}

/** Finds the part of the order up to a timestamp, inclusive. */
export function rangeUpTo (timestamp: bigint): PageRange {
  return { after: wholeRange.after, before: { timestamp: clamp(timestamp), hash: afterAllHashes } }
}

/** Finds the part of the order that a query walks from its cursor on; undefined when no timestamp can lie in it. */
export function rangeOf (query: StoreQuery, cursor: MessageKey | undefined): PageRange | undefined {
  const { timeStart = minTimestamp, timeEnd = maxTimestamp, paginationForward = true } = query
  if (timeStart > timeEnd || timeStart > maxTimestamp || timeEnd < minTimestamp) return undefined
  let after: MessageKey = { timestamp: clamp(timeStart), hash: beforeAllHashes }
  let before: MessageKey = { timestamp: clamp(timeEnd), hash: afterAllHashes }
  if (cursor !== undefined && paginationForward && compareKeys(cursor, after) > 0) after = cursor
  if (cursor !== undefined && !paginationForward && compareKeys(cursor, before) < 0) before = cursor
  return { after, before }
}

/** Tells whether a message lies in a range. */
export function isInRange (key: MessageKey, range: PageRange): boolean {
  return compareKeys(key, range.after) > 0 && compareKeys(key, range.before) < 0
}

/** Compares two messages by the order of the archive, for `sort`. */
export function compareKeys (a: MessageKey, b: MessageKey): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1
  return Buffer.compare(a.hash, b.hash)
}

function clamp (timestamp: bigint): bigint {
  if (timestamp < minTimestamp) return minTimestamp
  return timestamp > maxTimestamp ? maxTimestamp : timestamp
}
