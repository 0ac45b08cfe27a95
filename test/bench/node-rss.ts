import { setTimeout as delay } from 'node:timers/promises'
import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleave } from './harness/interleave.js'
import { PeerProcess } from './harness/peer-process.js'
import { median, medianOrNull } from './harness/statistics.js'

/** Resident memory of a process with an idle node. */
export const figures = ['node.rss']

export const usesBaseline = true

const idleMs = 5000

/** Gives one row, measured 5 s after the start and after a full garbage collection. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const megabytes = await interleave(context, 'node.rss', async (side) => {
    const { peer } = await PeerProcess.start(context.programs[side])
    try {
      await delay(idleMs)
      return await peer.request('getMemory', {}) / 1e6
    } finally {
      await peer.close()
    }
  })
  yield row('node.rss', 'idle', 'MB', median(megabytes.ours), medianOrNull(megabytes.baseline))
}
