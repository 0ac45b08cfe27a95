import type { BenchContext, Side } from './figure.js'

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
    for (const side of ['ours', 'baseline'] as const) {
      context.progress(`${name}: ${side}, run ${run} of ${times}`)
      measured[side].push(await measure(side))
    }
  }
  return measured
}
