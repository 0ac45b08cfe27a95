import type { BenchContext, Side } from './figure.js'
import { RelayPair } from './relay-pair.js'

const sides = ['ours', 'baseline'] as const

/**
 * Measures both sides in turn (A B A B A B), so that whatever else the machine does in the meantime falls on both alike.
 * A measurement of the baseline that fails is left out and said; one of ours that fails is an error.
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
      await forgiving(context, side, async () => { measured[side].push(await measure(side)) })
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

/** What a round of a run gave. */
export interface RoundResult<T> {
  readonly run: number
  readonly result: T
}

/**
 * Measures a pair of nodes of each side in turn, in new processes for each run, while the other pair idles.
 * The many short turns are closer together in time than runs could be, which is what makes a ratio out of them.
 *
 * @returns for each side the results of all rounds, each with the number of its run.
 */
export async function interleavePairs<T> (
  context: BenchContext, name: string, { rounds, warmUp, measure }: PairMeasurement<T>
): Promise<Record<Side, Array<RoundResult<T>>>> {
  const measured: Record<Side, Array<RoundResult<T>>> = { ours: [], baseline: [] }
  for (let run = 1; run <= context.runs; run++) {
    context.progress(`${name}: ${rounds} rounds of ours and baseline, run ${run} of ${context.runs}`)
    const pairs = new Map<Side, RelayPair>()
    try {
      for (let round = 0; round < rounds; round++) {
        for (const side of sides) {
          await forgiving(context, side, async () => {
            const pair = pairs.get(side) ?? await startPair(context.programs[side], warmUp)
            // Out of the map while in use: one that fails is not used again.
            pairs.delete(side)
            const result = await usePair(pair, measure)
            pairs.set(side, pair)
            measured[side].push({ run, result })
          })
        }
      }
    } finally {
      await Promise.all([...pairs.values()].map(async (pair) => { await pair.close() }))
    }
  }
  return measured
}

async function startPair (program: string, warmUp: (pair: RelayPair) => Promise<unknown>): Promise<RelayPair> {
  const pair = await RelayPair.start(program)
  await usePair(pair, warmUp)
  return pair
}

async function usePair<T> (pair: RelayPair, use: (pair: RelayPair) => Promise<T>): Promise<T> {
  try {
    return await use(pair)
  } catch (error) {
    await pair.close()
    throw error
  }
}

// The relay that npm has now and then loses its connection under load, which must not keep ours from being measured.
async function forgiving (context: BenchContext, side: Side, measure: () => Promise<void>): Promise<void> {
  try {
    await measure()
  } catch (error) {
    if (side === 'ours') throw error
    const [reason] = String(error).split('\n')
    context.progress(`baseline failed, and is not counted: ${reason ?? ''}`)
  }
}
