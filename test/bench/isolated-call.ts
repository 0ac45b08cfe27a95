import type { BenchContext, Row } from './harness/figure.js'
import { isolatedRows } from './harness/isolated-rows.js'

/** What a call takes that does next to nothing, to the backend's process and back. */
export const figures = ['isolated.call.p50']

const count = 5000

/** Gives a row for each comparison. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  yield * isolatedRows(context, {
    name: 'getVersion',
    unit: 'us',
    figures: { 'isolated.call.p50': ({ p50 }) => p50 },
    run: async (programs, side, options) => await programs.run(side, ['calls', count], options)
  })
}
