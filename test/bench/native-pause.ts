import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleave } from './harness/interleave.js'
import { NativePrograms } from './harness/native-programs.js'
import { median, medianOrNull } from './harness/statistics.js'

/**
 * The longest pause of the application's event loop while 1 000 messages/s arrive from another process; in C, of a thread that does
 * nothing but wake every millisecond, which is what the machine alone costs.
 */
export const figures = ['native.pause']

const sizeBytes = 1024
const rate = 1000
const seconds = 10

/** Gives one row. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const programs = await NativePrograms.prepare(context, 'native.pause')
  if (programs === undefined) return
  const pauses = await interleave(context, 'native.pause', async (side) => (await programs.receive(side, sizeBytes, seconds * rate, rate)).longestMs)
  yield row('native.pause', `1 KiB at ${rate} msg/s`, 'ms', median(pauses.ours), medianOrNull(pauses.baseline))
}
