import { join } from 'node:path'
import type { Archive } from '../../src/archive/archive.js'
import { openArchive } from '../../src/archive/open-archive.js'
import type { MessageHash } from '../../src/message.js'
import { contentTopics, intervalNs, makeMessages, pubsubTopic, timestampOf } from './harness/archive-messages.js'
import { row } from './harness/figure.js'
import type { BenchContext, Row } from './harness/figure.js'
import { median, percentile } from './harness/statistics.js'

/** The time of a query by one content topic and hour, a full page, and of one for ten hashes, as the archive grows; the ratio is against 10 000 messages. */
export const figures = ['archive.page.p95', 'archive.hashes.p95']

const sizes = [10_000, 100_000, 1_000_000]
const numQueries = 500
const numHashes = 10
const pageSize = 100
const batchSize = 2000
const hourNs = 3_600_000_000_000n

interface Filled {
  readonly size: number
  readonly archive: Archive
  /** Some of its hashes, spread over all of it. */
  readonly hashes: readonly MessageHash[]
  readonly pages: number[]
  readonly lookups: number[]
}

/** Gives a row for each size and kind of query. The sizes take turns, so that they meet the same machine. */
export async function * measure ({ runs, folder, progress }: BenchContext): AsyncGenerator<Row> {
  const filled: Filled[] = []
  try {
    for (const size of sizes) {
      progress(`archive: filling one with ${size} messages`)
      filled.push(await fill(join(folder, `query-${size}.sqlite3`), size))
    }
    // The first round is not counted: it warms caches and code.
    for (let run = 0; run <= runs; run++) {
      progress(`archive.page, archive.hashes: ${run === 0 ? 'warming up' : `run ${run} of ${runs}`}`)
      const times = await takeTurns(filled)
      if (run === 0) continue
      for (const [archive, { pages, lookups }] of times) {
        archive.pages.push(percentile(pages, 95))
        archive.lookups.push(percentile(lookups, 95))
      }
    }
  } finally {
    for (const { archive } of filled) await archive.close()
  }
  for (const [figure, name, valuesOf] of [
    ['archive.page.p95', `page of ${pageSize}`, (archive: Filled) => archive.pages],
    ['archive.hashes.p95', `${numHashes} hashes`, (archive: Filled) => archive.lookups]
  ] as const) {
    const values = filled.map((archive) => median(valuesOf(archive)))
    for (const [i, { size }] of filled.entries()) {
      yield row(figure, `${name}, ${size.toLocaleString('en').replaceAll(',', ' ')} stored`, 'ms', values[i] ?? NaN, values[0])
    }
  }
}

async function fill (path: string, size: number): Promise<Filled> {
  const archive = await openArchive(`sqlite://${path}`)
  const hashes: MessageHash[] = []
  for (let start = 0; start < size; start += batchSize) {
    const messages = makeMessages(start, batchSize)
    await archive.insert(messages)
    for (let i = 0; i < batchSize; i += 40) hashes.push(messages[i]?.messageHash ?? '0x')
  }
  return { size, archive, hashes, pages: [], lookups: [] }
}

async function takeTurns (filled: readonly Filled[]): Promise<Map<Filled, { pages: number[], lookups: number[] }>> {
  const times = new Map(filled.map((archive) => [archive, { pages: [] as number[], lookups: [] as number[] }]))
  for (let query = 0; query < numQueries; query++) {
    for (const [archive, { pages, lookups }] of times) {
      pages.push(await timePage(archive, contentTopics[query % contentTopics.length] ?? ''))
      lookups.push(await timeLookup(archive))
    }
  }
  return times
}

async function timePage ({ archive, size }: Filled, contentTopic: string): Promise<number> {
  const timeStart = timestampOf(Math.floor(Math.random() * (size - Number(hourNs / intervalNs))))
  const startedAt = performance.now()
  const { messages } = await archive.query({
    pubsubTopic, contentTopics: [contentTopic], timeStart, timeEnd: timeStart + hourNs - 1n, paginationLimit: pageSize
  })
  const ms = performance.now() - startedAt
  if (messages.length !== pageSize) throw new Error(`a page had ${messages.length} messages`)
  return ms
}

async function timeLookup ({ archive, hashes }: Filled): Promise<number> {
  const messageHashes = Array.from({ length: numHashes }, () => hashes[Math.floor(Math.random() * hashes.length)] ?? '0x')
  const startedAt = performance.now()
  const { messages } = await archive.query({ messageHashes })
  const ms = performance.now() - startedAt
  if (messages.length !== new Set(messageHashes).size) throw new Error(`${messages.length} messages were found`)
  return ms
}
