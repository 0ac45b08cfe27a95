import type { BenchContext, Row } from './harness/figure.js'
import { isolatedRows } from './harness/isolated-rows.js'
import { ratePerSecond } from './harness/native-programs.js'
import { throughputCases } from './harness/throughput-cases.js'

/** Messages per second from one node to another of the same application, each backend in a process of its own. */
export const figures = ['isolated.throughput']

/** Gives a row for each size of payload and comparison. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  for (const { name, sizeBytes, count } of throughputCases) {
    yield * isolatedRows(context, {
      name,
      unit: 'msg/s',
      figures: { 'isolated.throughput': ratePerSecond },
      run: async (programs, side, options) => await programs.run(side, ['relay', sizeBytes, count], options)
    })
  }
}
