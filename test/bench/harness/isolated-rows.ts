import { row, type BenchContext, type Row, type Side } from './figure.js'
import { interleave } from './interleave.js'
import { NativePrograms, type NativeOutcome } from './native-programs.js'
import { median, medianOrNull } from './statistics.js'

const isolated = ['--isolation', 'process']

/** What is compared: options of the program on each side, or the C program. */
const comparisons: ReadonlyArray<{ readonly name: string, readonly ours: readonly string[], readonly baseline: readonly string[] | 'c' }> = [
  { name: 'libwaku beside C', ours: isolated, baseline: 'c' },
  { name: 'libwaku beside in-process', ours: isolated, baseline: [] },
  { name: 'JS beside in-process', ours: [...isolated, '--backend', 'js'], baseline: ['--backend', 'js'] }
]

/** What is measured, and how it is told. */
export interface IsolatedMeasurement {
  readonly name: string
  readonly unit: string
  /** Figures, and how each is read from what a run gives. */
  readonly figures: Readonly<Record<string, (outcome: NativeOutcome) => number>>
  /** Runs a program; of a side, with options of ours. */
  readonly run: (programs: NativePrograms, side: Side, options: readonly string[]) => Promise<NativeOutcome>
}

/** Measures nodes whose backends run in processes of their own beside the C program, and beside nodes in the application's process. */
export async function * isolatedRows (context: BenchContext, { name, unit, figures, run }: IsolatedMeasurement): AsyncGenerator<Row> {
  const programs = await NativePrograms.prepare(context, Object.keys(figures).join(', '))
  if (programs === undefined) return
  for (const { name: comparison, ours, baseline } of comparisons) {
    const outcomes = await interleave(context, `${Object.keys(figures).join(', ')} ${name}, ${comparison}`, async (side) => {
      if (side === 'ours') return await run(programs, 'ours', ours)
      return baseline === 'c' ? await run(programs, 'baseline', []) : await run(programs, 'ours', baseline)
    })
    for (const [figure, read] of Object.entries(figures)) {
      yield row(figure, `${name}, ${comparison}`, unit, median(outcomes.ours.map(read)), medianOrNull(outcomes.baseline.map(read)))
    }
  }
}
