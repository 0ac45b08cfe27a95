import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleave } from './harness/interleave.js'
import { NativePrograms, ratePerSecond } from './harness/native-programs.js'
import { median, medianOrNull } from './harness/statistics.js'

/** Events per second of a node without peers in a process of its own that reach the application: one for each message that it publishes. */
export const figures = ['isolated.events']

/** As those of `native.events`. */
const cases = [
  { name: '300 B', sizeBytes: 300, count: 20_000, open: 128 },
  { name: '2 KiB', sizeBytes: 2048, count: 20_000, open: 128 },
  { name: '150 KiB', sizeBytes: 150 * 1024, count: 400, open: 16 }
]

/** Gives a row for each size of payload. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const programs = await NativePrograms.prepare(context, 'isolated.events')
  if (programs === undefined) return
  for (const { name, sizeBytes, count, open } of cases) {
    const { ours, baseline } = await interleave(context, `isolated.events ${name}`, async (side) =>
      await programs.run(side, ['events', sizeBytes, count, open], side === 'ours' ? ['--isolation', 'process'] : []))
    yield row('isolated.events', `${name}, ${open} open`, 'event/s', median(ours.map(ratePerSecond)), medianOrNull(baseline.map(ratePerSecond)))
  }
}
