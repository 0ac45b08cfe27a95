import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import type { Archive } from '../../src/archive/archive.js'
import { ArchiveWriter } from '../../src/archive/archive-writer.js'
import { openArchive } from '../../src/archive/open-archive.js'
import { PostgresServer, postgresMissing } from '../helpers/postgres.js'
import { makeMessages } from './harness/archive-messages.js'
import { row } from './harness/figure.js'
import type { BenchContext, Row } from './harness/figure.js'
import { median } from './harness/statistics.js'

/** Messages of 1 KiB written to disk in batches, and the longest pause of the event loop meanwhile. */
export const figures = ['archive.insert', 'archive.insert.pause']

const numMessages = 100_000
// What arrives in one turn of the event loop; more comes while less than this waits.
const perTurn = 50
const maxWaiting = 5000
const resolutionMs = 1

interface Measured {
  readonly rate: number
  readonly pauseMs: number
}

/** Gives the rate, and the longest pause beside that of the same loop without an archive, which is the machine's own. */
export async function * measure ({ runs, folder, progress }: BenchContext): AsyncGenerator<Row> {
  const measured: Measured[] = []
  const controls: Measured[] = []
  for (let run = 0; run <= runs; run++) {
    progress(`archive.insert: ${run === 0 ? 'warming up' : `run ${run} of ${runs}`}`)
    const result = await insertToDisk(join(folder, 'insert.sqlite3'))
    const control = await insertAll({ insert: async (messages) => await Promise.resolve(messages.length) }, numMessages / result.rate)
    if (run === 0) continue
    measured.push(result)
    controls.push(control)
  }
  yield row('archive.insert', '1 KiB', 'msg/s', median(measured.map(({ rate }) => rate)))
  const [pause, control] = [measured, controls].map((results) => median(results.map(({ pauseMs }) => pauseMs))) as [number, number]
  yield row('archive.insert.pause', 'longest, beside an idle archive', 'ms', pause, control)
  if (postgresMissing === undefined) yield await measurePostgres(runs, progress)
}

async function measurePostgres (runs: number, progress: BenchContext['progress']): Promise<Row> {
  const server = await PostgresServer.start()
  try {
    const rates: number[] = []
    for (let run = 0; run < runs; run++) {
      progress(`archive.insert: PostgreSQL, run ${run + 1} of ${runs}`)
      rates.push((await insertInto(await server.createDatabase())).rate)
    }
    return row('archive.insert', '1 KiB, PostgreSQL, not synced', 'msg/s', median(rates))
  } finally {
    await server.close()
  }
}

async function insertToDisk (path: string): Promise<Measured> {
  try {
    return await insertInto(`sqlite://${path}`)
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
  }
}

async function insertInto (url: string): Promise<Measured> {
  const archive = await openArchive(url)
  try {
    const result = await insertAll(archive)
    const { numMessages: numKept } = await archive.stats()
    if (numKept !== numMessages) throw new Error(`${numKept} of ${numMessages} messages were kept`)
    return result
  } finally {
    await archive.close()
  }
}

// Spread over `minSeconds`, when given, so that the control lasts as long as what it is for.
async function insertAll (archive: Pick<Archive, 'insert'>, minSeconds = 0): Promise<Measured> {
  const writer = new ArchiveWriter(archive)
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  await setImmediate()
  delays.enable()
  const startedAt = performance.now()
  const seconds = (): number => (performance.now() - startedAt) / 1000
  for (let start = 0; start < numMessages; start += perTurn) {
    for (const message of makeMessages(start, perTurn)) writer.add(message)
    do await setImmediate(); while (writer.numQueued > maxWaiting || seconds() < minSeconds * start / numMessages)
  }
  await writer.close()
  const rate = numMessages / seconds()
  delays.disable()
  return { rate, pauseMs: delays.max / 1e6 - resolutionMs }
}
