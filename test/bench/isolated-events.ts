import { pathToFileURL } from 'node:url'
import type { BackendEvents } from '../../src/backend.js'
import { ProcessBackend } from '../../src/backends/process/backend.js'
import { resolveOptions } from '../../src/config.js'
import { buildProgram } from '../helpers/build-program.js'
import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleave } from './harness/interleave.js'
import { NativePrograms } from './harness/native-programs.js'
import { packageRoot } from './harness/package-root.js'
import { median, medianOrNull } from './harness/statistics.js'
import { Arrivals } from './programs/arrivals.js'

/** Events per second of a node without peers in a process of its own that reach the application: one for each message that it publishes. */
export const figures = ['isolated.events']

/** As those of `native.events`; no more than may wait for the application. */
const cases = [
  { name: '300 B', sizeBytes: 300, count: 18_000, open: 128 },
  { name: '2 KiB', sizeBytes: 2048, count: 18_000, open: 128 },
  { name: '150 KiB', sizeBytes: 150 * 1024, count: 400, open: 16 }
]

/** Gives a row for each size of payload. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const programs = await NativePrograms.prepare(context, 'isolated.events')
  if (programs === undefined) return
  const entry = pathToFileURL(await buildProgram('bench/programs/event-host.ts', packageRoot(context)))
  for (const { name, sizeBytes, count, open } of cases) {
    const rates = await interleave(context, `isolated.events ${name}`, async (side) => {
      if (side === 'ours') return await eventRate(entry, programs.libraryPath, sizeBytes, count, open)
      const { received, seconds } = await programs.run(side, ['events', sizeBytes, count, open])
      return (received - 1) / seconds
    })
    yield row('isolated.events', `${name}, ${open} open`, 'event/s', median(rates.ours), medianOrNull(rates.baseline))
  }
}

async function eventRate (entry: URL, libraryPath: string, sizeBytes: number, count: number, open: number): Promise<number> {
  const backend = await ProcessBackend.open(resolveOptions({ libraryPath, process: { hangTimeoutMs: 60_000 } }), 'libwaku', entry)
  try {
    const arrivals = new Arrivals()
    backend.attach({ message: ({ message }) => arrivals.add(message.payload) } as BackendEvents)
    const { signal } = new AbortController()
    await backend.start([], signal)
    for (const part of [count / 10, count]) {
      arrivals.expect()
      const published = await backend.ping(`${sizeBytes} ${part} ${open}`, signal)
      await arrivals.until(part)
      if (arrivals.count !== part) throw new Error(`of ${part} events, ${published} in the process, ${arrivals.count} came`)
    }
    return (count - 1) / arrivals.seconds
  } finally {
    await backend.close()
  }
}
