import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleavePairs } from './harness/interleave.js'
import { assertComplete } from './harness/relay-pair.js'
import { median, medianOrNull } from './harness/statistics.js'

/** Messages per second from one process to another, where they arrive. */
export const figures = ['relay.throughput']

export const usesBaseline = true

// As many as take a second or two.
const cases = [
  { name: '100 B', sizeBytes: 100, count: 30_000 },
  { name: '1 KiB', sizeBytes: 1024, count: 20_000 },
  { name: '10 KiB', sizeBytes: 10 * 1024, count: 6000 },
  { name: '100 KiB', sizeBytes: 100 * 1024, count: 1000 }
]

/** Gives a row for each size of payload, from the first message to the last at the subscriber. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  for (const { name, sizeBytes, count } of cases) {
    const rates = await interleavePairs(context, `relay.throughput ${name}`, {
      rounds: 3,
      warmUp: async (pair) => await pair.transfer({ count: count / 10, sizeBytes }),
      measure: async (pair) => {
        const received = await pair.transfer({ count, sizeBytes })
        assertComplete(received, count)
        return (count - 1) / received.seconds
      }
    })
    const [ours, baseline] = [rates.ours, rates.baseline].map((rounds) => rounds.map(({ result }) => result)) as [number[], number[]]
    yield row('relay.throughput', name, 'msg/s', median(ours), medianOrNull(baseline))
  }
}
