import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleave } from './harness/interleave.js'
import { NativePrograms, ratePerSecond, type NativeOutcome } from './harness/native-programs.js'
import { median, medianOrNull } from './harness/statistics.js'
import { throughputCases } from './harness/throughput-cases.js'

/** Messages per second from one node to another of the same process, and the processor time of both nodes for each. */
export const figures = ['native.throughput', 'native.cpu']

/** What else is compared at 1 KiB: options of ours, and of what it is beside. */
const comparisons = [
  { name: '1 KiB, koffi beside the addon', ours: ['--door', 'koffi'], baseline: [] },
  { name: '1 KiB, libwaku beside JS', ours: [], baseline: ['--backend', 'js'] }
]

/** Gives two rows for each size of payload, and one for each comparison. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const programs = await NativePrograms.prepare(context, 'native.throughput')
  if (programs === undefined) return
  for (const { name, sizeBytes, count, open } of throughputCases) {
    const { ours, baseline } = await interleave(context, `native.throughput ${name}`, async (side) => await programs.run(side, ['relay', sizeBytes, count, open]))
    yield row('native.throughput', `${name}, ${open} open`, 'msg/s', median(ours.map(ratePerSecond)), medianOrNull(baseline.map(ratePerSecond)))
    yield row('native.cpu', `${name}, ${open} open`, 'us/msg', median(ours.map(processorMicros)), medianOrNull(baseline.map(processorMicros)))
  }
  for (const comparison of comparisons) {
    const { ours, baseline } = await interleave(context, `native.throughput ${comparison.name}`, async (side) =>
      await programs.run('ours', ['relay', 1024, 45_000, 190], comparison[side]))
    yield row('native.throughput', comparison.name, 'msg/s', median(ours.map(ratePerSecond)), medianOrNull(baseline.map(ratePerSecond)))
  }
}

function processorMicros ({ received, processorSeconds }: NativeOutcome): number {
  return processorSeconds * 1e6 / received
}
