import type { BenchContext, Row } from './harness/figure.js'
import { isolatedRows } from './harness/isolated-rows.js'
import { ratePerSecond } from './harness/native-programs.js'

/** Messages per second from one node to another of the same application, each backend in a process of its own. */
export const figures = ['isolated.throughput']

/** As those of `native.throughput`, but more on their way, because the way is longer. */
const cases = [
  { name: '300 B', sizeBytes: 300, count: 60_000, open: 450 },
  { name: '1 KiB', sizeBytes: 1024, count: 45_000, open: 190 },
  { name: '10 KiB', sizeBytes: 10 * 1024, count: 9000, open: 22 },
  { name: '100 KiB', sizeBytes: 100 * 1024, count: 900, open: 3 }
]

/** Gives a row for each size of payload and comparison. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  for (const { name, sizeBytes, count, open } of cases) {
    yield * isolatedRows(context, {
      name: `${name}, ${open} open`,
      unit: 'msg/s',
      figures: { 'isolated.throughput': ratePerSecond },
      run: async (programs, side, options) => await programs.run(side, ['relay', sizeBytes, count, open], options)
    })
  }
}
