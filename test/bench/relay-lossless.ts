import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleave } from './harness/interleave.js'
import { RelayPair } from './harness/relay-pair.js'
import type { Received } from './harness/peer-protocol.js'

/** Messages that do not arrive, and messages that arrive again, of a burst published as fast as publishing goes. */
export const figures = ['relay.lossless']

export const usesBaseline = true

const count = 100_000
const name = '100 000 of 1 KiB'

/** Gives a row for the lost and one for the doubled, each the worst of the runs: a median would hide a loss. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const received = await interleave(context, `relay.lossless ${name}`, async (side) => await burst(context.programs[side]))
  const lost = ({ distinct }: Received): number => count - distinct
  const doubled = (run: Received): number => run.doubled
  for (const [what, of] of [['lost', lost], ['doubled', doubled]] as const) {
    const baseline = received.baseline.length === 0 ? null : Math.max(...received.baseline.map(of))
    yield row('relay.lossless', `${name}, ${what}`, 'msg', Math.max(...received.ours.map(of)), baseline)
  }
  if (received.ours.some((run) => lost(run) + doubled(run) > 0)) throw new Error('messages were lost or doubled')
}

async function burst (program: string): Promise<Received> {
  const pair = await RelayPair.start(program)
  try {
    return await pair.transfer({ count, sizeBytes: 1024 })
  } finally {
    await pair.close()
  }
}
