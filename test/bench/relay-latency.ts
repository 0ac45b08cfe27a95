import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleave } from './harness/interleave.js'
import { assertComplete, RelayPair } from './harness/relay-pair.js'
import { median, percentile } from './harness/statistics.js'

/** Time from the call of publish to that of the listener in another process. */
export const figures = ['relay.latency.p50', 'relay.latency.p99']

export const usesBaseline = true

const sizeBytes = 1024
const rate = 50
const warmUpSeconds = 2
const seconds = 12

/** Gives a row for the median and one for what 1 % of the messages exceed. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const latencies = await interleave(context, 'relay.latency', async (side) => await measureLatencies(context.programs[side]))
  for (const percent of [50, 99]) {
    const of = (runs: ReadonlyArray<readonly number[]>): number => median(runs.map((run) => percentile(run, percent)))
    yield row(`relay.latency.p${percent}`, `1 KiB at ${rate} msg/s`, 'ms', of(latencies.ours), of(latencies.baseline))
  }
}

async function measureLatencies (program: string): Promise<readonly number[]> {
  const pair = await RelayPair.start(program)
  try {
    await pair.transfer({ count: warmUpSeconds * rate, sizeBytes, rate })
    const received = await pair.transfer({ count: seconds * rate, sizeBytes, rate }, { latencies: true })
    assertComplete(received, seconds * rate)
    return received.latenciesMs
  } finally {
    await pair.close()
  }
}
