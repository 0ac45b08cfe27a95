import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleavePairs, type RoundResult } from './harness/interleave.js'
import { assertComplete } from './harness/relay-pair.js'
import { median, medianOrNull, percentile } from './harness/statistics.js'

/** Time from the call of publish to that of the listener in another process. */
export const figures = ['relay.latency.p50', 'relay.latency.p99']

export const usesBaseline = true

const sizeBytes = 1024
const rate = 50
const rounds = 4
const secondsPerRound = 4

/** Gives a row for the median and one for what 1 % of the 800 messages of a run exceed. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const latencies = await interleavePairs(context, 'relay.latency', {
    rounds,
    warmUp: async (pair) => await pair.transfer({ count: 2 * rate, sizeBytes, rate }),
    measure: async (pair) => {
      const count = secondsPerRound * rate
      const received = await pair.transfer({ count, sizeBytes, rate }, { latencies: true })
      assertComplete(received, count)
      return received.latenciesMs
    }
  })
  for (const percent of [50, 99]) {
    const ours = runPercentiles(latencies.ours, percent)
    const baseline = runPercentiles(latencies.baseline, percent)
    yield row(`relay.latency.p${percent}`, `1 KiB at ${rate} msg/s`, 'ms', median(ours), medianOrNull(baseline))
  }
}

function runPercentiles (rounds: ReadonlyArray<RoundResult<readonly number[]>>, percent: number): number[] {
  const runs = [...new Set(rounds.map(({ run }) => run))]
  return runs.map((run) => percentile(rounds.filter((round) => round.run === run).flatMap(({ result }) => result), percent))
}
