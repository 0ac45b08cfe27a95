import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleave } from './harness/interleave.js'
import { NativePrograms, ratePerSecond, type NativeOutcome } from './harness/native-programs.js'
import { median, medianOrNull } from './harness/statistics.js'
import { throughputCases } from './harness/throughput-cases.js'

/**
 * Messages per second from one node to another of the same process, and the processor time of both nodes for each. The C program keeps
 * the same pace, without which it would lose some: both have the same bound on what is open.
 */
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
  for (const { name, sizeBytes, count } of throughputCases) {
    const { ours, baseline } = await interleave(context, `native.throughput ${name}`, async (side) => await programs.run(side, ['relay', sizeBytes, count]))
    yield row('native.throughput', name, 'msg/s', median(ours.map(ratePerSecond)), medianOrNull(baseline.map(ratePerSecond)))
    yield row('native.cpu', name, 'us/msg', median(ours.map(processorMicros)), medianOrNull(baseline.map(processorMicros)))
  }
  for (const comparison of comparisons) {
    const { ours, baseline } = await interleave(context, `native.throughput ${comparison.name}`, async (side) =>
      await programs.run('ours', ['relay', 1024, 45_000], comparison[side]))
    yield row('native.throughput', comparison.name, 'msg/s', median(ours.map(ratePerSecond)), medianOrNull(baseline.map(ratePerSecond)))
  }
}

function processorMicros ({ received, processorSeconds }: NativeOutcome): number {
  return processorSeconds * 1e6 / received
}
