import type { BenchContext, Row } from './harness/figure.js'
import { isolatedRows } from './harness/isolated-rows.js'

/** The longest pause of the application's event loop while 1 000 messages/s arrive, its backend in a process of its own. */
export const figures = ['isolated.pause']

const sizeBytes = 1024
const rate = 1000
const seconds = 10

/** Gives a row for each comparison. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  yield * isolatedRows(context, {
    name: `1 KiB at ${rate} msg/s`,
    unit: 'ms',
    figures: { 'isolated.pause': ({ longestMs }) => longestMs },
    run: async (programs, side, options) => await programs.receive(side, sizeBytes, seconds * rate, rate, options)
  })
}
