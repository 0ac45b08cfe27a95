import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleave } from './harness/interleave.js'
import { assertComplete, RelayPair } from './harness/relay-pair.js'
import { median } from './harness/statistics.js'

/** Messages per second from one process to another, where they arrive. */
export const figures = ['relay.throughput']

export const usesBaseline = true

// As many as take a couple of seconds.
const cases = [
  { name: '100 B', sizeBytes: 100, count: 40_000 },
  { name: '1 KiB', sizeBytes: 1024, count: 30_000 },
  { name: '10 KiB', sizeBytes: 10 * 1024, count: 10_000 },
  { name: '100 KiB', sizeBytes: 100 * 1024, count: 1500 }
]

/** Gives a row for each size of payload. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  for (const { name, sizeBytes, count } of cases) {
    const rates = await interleave(context, `relay.throughput ${name}`,
      async (side) => await measureRate(context.programs[side], sizeBytes, count))
    yield row('relay.throughput', name, 'msg/s', median(rates.ours), median(rates.baseline))
  }
}

async function measureRate (program: string, sizeBytes: number, count: number): Promise<number> {
  const pair = await RelayPair.start(program)
  try {
    // The first messages run code that is not compiled yet.
    await pair.transfer({ count: Math.ceil(count / 10), sizeBytes })
    const received = await pair.transfer({ count, sizeBytes })
    assertComplete(received, count)
    return (count - 1) / received.seconds
  } finally {
    await pair.close()
  }
}
