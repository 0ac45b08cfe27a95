import { setTimeout as delay } from 'node:timers/promises'
import { checkEach, checkKeys, checkMessageHash } from './checks.js'
import type { NodeConfig } from './config.js'
import type { WaitOptions } from './deadline.js'
import { invalidArgument, isWakuError } from './errors.js'
import { checkPubsubTopic, pubsubTopicOfContentTopic } from './outgoing.js'
import { maxContentTopicsPerQuery, maxPageSize, type StoredMessage, type StorePage, type StoreQuery } from './store.js'
import { checkContentTopic } from './topics.js'

/** Where {@link WakuNode.queryStore} asks. */
export interface StoreQueryOptions extends WaitOptions {
  /** A peer id, a multiaddr with `/p2p/{peerId}`, or the node's own peer id for its own store. By default one of `storePeers`, else a connected store. */
  readonly peer?: string | undefined
}

/** Fetches one page of a checked query. */
export type FetchPage = (query: StoreQuery) => Promise<StorePage>

const queryKeys = ['pubsubTopic', 'contentTopics', 'timeStart', 'timeEnd', 'messageHashes', 'includeData', 'paginationCursor', 'paginationForward', 'paginationLimit'] as const

/** How many hashes one request asks for: what fits on one page. */
const maxHashesPerQuery = maxPageSize

/**
 * Checks a query for one page and derives its pubsub topic.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT`, also for more content topics than one request takes or topics on several shards.
 */
export function prepareQuery (config: NodeConfig, query: StoreQuery): StoreQuery {
  checkQuery(config, query)
  const { contentTopics = [], messageHashes = [] } = query
  if (contentTopics.length > maxContentTopicsPerQuery) {
    throw invalidArgument('query.contentTopics', `must have at most ${maxContentTopicsPerQuery} for one page; queryStoreAll takes more`)
  }
  if (messageHashes.length > maxHashesPerQuery) {
    throw invalidArgument('query.messageHashes', `must have at most ${maxHashesPerQuery} for one page; queryStoreAll takes more`)
  }
  if (query.pubsubTopic !== undefined || contentTopics.length === 0 || config.numShardsInCluster === 0) return query
  const [pubsubTopic, another] = new Set(contentTopics.map((contentTopic) => pubsubTopicOfContentTopic(config, contentTopic)))
  if (another !== undefined) throw invalidArgument('query.contentTopics', 'are on several shards; ask for each, or use queryStoreAll')
  return { ...query, pubsubTopic }
}

function checkQuery (config: NodeConfig, query: StoreQuery): void {
  checkKeys('query', query, queryKeys)
  if (query.pubsubTopic !== undefined) checkPubsubTopic(config, query.pubsubTopic)
  if (query.contentTopics !== undefined) checkEach('query.contentTopics', query.contentTopics, checkContentTopic)
  checkTime('query.timeStart', query.timeStart)
  checkTime('query.timeEnd', query.timeEnd)
  if (query.timeStart !== undefined && query.timeEnd !== undefined && query.timeStart > query.timeEnd) throw invalidArgument('query.timeStart', 'must not be after timeEnd')
  if (query.messageHashes !== undefined) checkEach('query.messageHashes', query.messageHashes, checkMessageHash)
  if (query.paginationCursor !== undefined) checkMessageHash('query.paginationCursor', query.paginationCursor)
  for (const flag of ['includeData', 'paginationForward'] as const) {
    if (query[flag] !== undefined && typeof query[flag] !== 'boolean') throw invalidArgument(`query.${flag}`, 'must be a boolean')
  }
  const { paginationLimit } = query
  if (paginationLimit !== undefined && !(Number.isInteger(paginationLimit) && paginationLimit >= 1 && paginationLimit <= maxPageSize)) {
    throw invalidArgument('query.paginationLimit', `must be a whole number from 1 to ${maxPageSize}`)
  }
}

function checkTime (argument: string, value: unknown): void {
  if (value !== undefined && (typeof value !== 'bigint' || value < 0n || value >= 2n ** 63n)) {
    throw invalidArgument(argument, 'must be a bigint of nanoseconds since the Unix epoch, from 0 and below 2^63')
  }
}

/**
 * Checks a query of any width and splits it into requests that a store takes: by shard, ten content topics each,
 * a hundred hashes each.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT`
 */
export function splitQuery (config: NodeConfig, query: StoreQuery): StoreQuery[] {
  checkQuery(config, query)
  if (query.paginationCursor !== undefined) throw invalidArgument('query.paginationCursor', 'is not for queryStoreAll, which walks all pages')
  const paged = { paginationLimit: maxPageSize, ...query }
  const byTopics = query.contentTopics === undefined || query.contentTopics.length === 0
    ? [paged]
    : groupByPubsubTopic(config, query).flatMap(({ pubsubTopic, contentTopics }) =>
      chunks(contentTopics, maxContentTopicsPerQuery).map((some) => ({ ...paged, pubsubTopic, contentTopics: some })))
  const hashes = query.messageHashes ?? []
  return hashes.length === 0
    ? byTopics
    : byTopics.flatMap((part) => chunks([...new Set(hashes)], maxHashesPerQuery).map((some) => ({ ...part, messageHashes: some })))
}

function groupByPubsubTopic (config: NodeConfig, { pubsubTopic, contentTopics = [] }: StoreQuery): Array<{ pubsubTopic: string | undefined, contentTopics: string[] }> {
  const groups = new Map<string | undefined, string[]>()
  for (const contentTopic of new Set(contentTopics)) {
    const topic = pubsubTopic ?? (config.numShardsInCluster === 0 ? undefined : pubsubTopicOfContentTopic(config, contentTopic))
    const group = groups.get(topic)
    if (group === undefined) groups.set(topic, [contentTopic])
    else group.push(contentTopic)
  }
  return Array.from(groups, ([topic, group]) => ({ pubsubTopic: topic, contentTopics: group }))
}

function chunks<T> (values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) => values.slice(index * size, (index + 1) * size))
}

/** Yields every hit of several queries in one order, oldest first, or newest first when they walk backward. */
export async function * walkStore (queries: readonly StoreQuery[], fetchPage: FetchPage): AsyncGenerator<StoredMessage, void, undefined> {
  const walks = queries.map((query) => walkPages(query, fetchPage))
  if (walks.length === 1) {
    yield * walks[0] as AsyncGenerator<StoredMessage>
    return
  }
  const forward = queries[0]?.paginationForward ?? true
  const heads = await Promise.all(walks.map(async (walk) => (await walk.next()).value ?? undefined))
  for (;;) {
    const next = indexOfNext(heads, forward)
    if (next === -1) return
    yield heads[next] as StoredMessage
    heads[next] = (await walks[next]?.next())?.value ?? undefined
  }
}

async function * walkPages (query: StoreQuery, fetchPage: FetchPage): AsyncGenerator<StoredMessage, undefined, undefined> {
  let paginationCursor: StoreQuery['paginationCursor']
  let numHits = 0
  do {
    const page = await fetchPage({ ...query, paginationCursor })
    yield * query.paginationForward === false ? [...page.messages].reverse() : page.messages
    numHits += page.messages.length
    // A store that answers with the cursor it was given, with nothing, or with more than was asked for, would be asked for ever.
    const isLast = page.paginationCursor === paginationCursor || page.messages.length === 0 || numHits >= (query.messageHashes?.length ?? Infinity)
    paginationCursor = isLast ? undefined : page.paginationCursor
  } while (paginationCursor !== undefined)
  return undefined
}

function indexOfNext (heads: ReadonlyArray<StoredMessage | undefined>, forward: boolean): number {
  let best = -1
  heads.forEach((head, index) => {
    if (head !== undefined && (best === -1 || (compare(head, heads[best] as StoredMessage) < 0) === forward)) best = index
  })
  return best
}

// Without data there are no timestamps to merge by, and the hash alone decides.
function compare (a: StoredMessage, b: StoredMessage): number {
  const [timeA, timeB] = [a.message?.timestamp ?? 0n, b.message?.timestamp ?? 0n]
  if (timeA !== timeB) return timeA < timeB ? -1 : 1
  return a.messageHash < b.messageHash ? -1 : 1
}

/** Waits before each retry of a page that a store refused with 429, in milliseconds; half of it is random, so that clients spread out. */
const retryDelaysMs = [250, 500, 1000, 2000, 4000]

/** Fetches a page, and again with growing delay while the store answers 429. The signal ends the waiting. */
export async function fetchPatiently (fetch: () => Promise<StorePage>, signal: AbortSignal): Promise<StorePage> {
  for (const delayMs of retryDelaysMs) {
    try {
      return await fetch()
    } catch (error) {
      if (!isWakuError(error, 'WAKU_STORE_FAILED') || error.details.statusCode !== 429) throw error
      await delay(delayMs / 2 + Math.random() * delayMs / 2, undefined, { signal })
    }
  }
  return await fetch()
}
