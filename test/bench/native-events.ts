import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleave } from './harness/interleave.js'
import { NativePrograms, ratePerSecond } from './harness/native-programs.js'
import { median, medianOrNull } from './harness/statistics.js'

/** Events per second that a node without peers sends to its application, each read into a message: one for each that it publishes. */
export const figures = ['native.events']

const cases = [
  { name: '300 B', sizeBytes: 300, count: 30_000, open: 128 },
  { name: '2 KiB', sizeBytes: 2048, count: 20_000, open: 128 },
  { name: '150 KiB', sizeBytes: 150 * 1024, count: 400, open: 16 }
]

/** Gives a row for each size of payload. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const programs = await NativePrograms.prepare(context, 'native.events')
  if (programs === undefined) return
  for (const { name, sizeBytes, count, open } of cases) {
    const { ours, baseline } = await interleave(context, `native.events ${name}`, async (side) => await programs.run(side, ['events', sizeBytes, count, open]))
    yield row('native.events', `${name}, ${open} open`, 'event/s', median(ours.map(ratePerSecond)), medianOrNull(baseline.map(ratePerSecond)))
  }
}
