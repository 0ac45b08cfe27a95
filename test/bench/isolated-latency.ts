import type { BenchContext, Row } from './harness/figure.js'
import { isolatedRows } from './harness/isolated-rows.js'

/** Time from publishing on one node to the listener on another of the same application, each backend in a process of its own. */
export const figures = ['isolated.latency.p50', 'isolated.latency.p99']

const sizeBytes = 1024
const rate = 50
const seconds = 10

/** Gives a row of each for each comparison. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  yield * isolatedRows(context, {
    name: `1 KiB at ${rate} msg/s`,
    unit: 'ms',
    figures: { 'isolated.latency.p50': ({ p50 }) => p50, 'isolated.latency.p99': ({ p99 }) => p99 },
    run: async (programs, side, options) => await programs.run(side, ['latency', sizeBytes, seconds * rate, rate], options)
  })
}
