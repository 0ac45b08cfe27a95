import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleave } from './harness/interleave.js'
import { PeerProcess } from './harness/peer-process.js'
import { median, medianOrNull } from './harness/statistics.js'

/** Time from the spawn of a process until its node listens. */
export const figures = ['node.start']

export const usesBaseline = true

/** Gives one row. A start takes less than a second, so it is worth measuring more often than the rest. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const starts = await interleave(context, 'node.start', async (side) => {
    const { peer, startMs } = await PeerProcess.start(context.programs[side])
    await peer.close()
    return startMs
  }, context.runs * 3)
  yield row('node.start', 'spawn to listening', 'ms', median(starts.ours), medianOrNull(starts.baseline))
}
