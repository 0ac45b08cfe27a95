import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleave } from './harness/interleave.js'
import { NativePrograms } from './harness/native-programs.js'
import { median, medianOrNull } from './harness/statistics.js'

/** Time from publishing on one node to the listener on another of the same process. */
export const figures = ['native.latency.p50', 'native.latency.p99']

const sizeBytes = 1024
const rate = 50
const seconds = 10

/** Gives a row for the median and one for what 1 % of the 500 messages of a run exceed. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const programs = await NativePrograms.prepare(context, 'native.latency')
  if (programs === undefined) return
  const { ours, baseline } = await interleave(context, 'native.latency', async (side) => await programs.run(side, ['latency', sizeBytes, seconds * rate, rate]))
  for (const percentile of ['p50', 'p99'] as const) {
    yield row(`native.latency.${percentile}`, `1 KiB at ${rate} msg/s`, 'ms', median(ours.map((each) => each[percentile])), medianOrNull(baseline.map((each) => each[percentile])))
  }
}
