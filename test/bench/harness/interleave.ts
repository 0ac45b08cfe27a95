import type { BenchContext, Side } from './figure.js'
import { RelayPair } from './relay-pair.js'

const sides = ['ours', 'baseline'] as const

/**
 * Measures both sides in turn (A B A B A B), so that whatever else the machine does in the meantime falls on both alike.
 *
 * @param name - what is measured, for the lines of progress.
 * @param times - measurements of each side, `context.runs` by default.
 */
export async function interleave<T> (
  context: BenchContext, name: string, measure: (side: Side) => Promise<T>, times = context.runs
): Promise<Record<Side, T[]>> {
  const measured: Record<Side, T[]> = { ours: [], baseline: [] }
  for (let run = 1; run <= times; run++) {
    for (const side of sides) {
      context.progress(`${name}: ${side}, run ${run} of ${times}`)
      measured[side].push(await measure(side))
    }
  }
  return measured
}

/** How to measure two nodes and what flows between them. */
export interface PairMeasurement<T> {
  /** How often each pair is measured in a run. */
  readonly rounds: number
  /** Done once before, because the first messages run code that is not compiled yet. */
  readonly warmUp: (pair: RelayPair) => Promise<unknown>
  readonly measure: (pair: RelayPair) => Promise<T>
}

/**
 * Measures a pair of nodes of each side in turn, in new processes for each run, while the other pair idles.
 * The many short turns are closer together in time than runs could be, which is what makes a ratio out of them.
 *
 * @returns for each side an array of runs, each with the results of its rounds.
 */
export async function interleavePairs<T> (
  context: BenchContext, name: string, { rounds, warmUp, measure }: PairMeasurement<T>
): Promise<Record<Side, T[][]>> {
  const measured: Record<Side, T[][]> = { ours: [], baseline: [] }
  for (let run = 1; run <= context.runs; run++) {
    context.progress(`${name}: ${rounds} rounds with ours and baseline, run ${run} of ${context.runs}`)
    const pairs = new Map<Side, RelayPair>()
    try {
      for (const side of sides) {
        const pair = await RelayPair.start(context.programs[side])
        pairs.set(side, pair)
        await warmUp(pair)
        measured[side].push([])
      }
      for (let round = 0; round < rounds; round++) {
        for (const [side, pair] of pairs) measured[side].at(-1)?.push(await measure(pair))
      }
    } finally {
      await Promise.all([...pairs.values()].map(async (pair) => { await pair.close() }))
    }
  }
  return measured
}
