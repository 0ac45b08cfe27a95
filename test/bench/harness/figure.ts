/** One measured value, as `--json` prints it. */
export interface Row {
  /** Dotted name, as `relay.throughput`. */
  readonly figure: string
  /** What was varied, as `1 KiB`. */
  readonly case: string
  readonly value: number
  /** As `msg/s`, `ms` or `MB` (10^6 bytes). */
  readonly unit: string
  /** The same measured on what the figure is compared with, in the same run; null where there is nothing to compare with. */
  readonly baseline: number | null
  /** `value` divided by `baseline`; null without a baseline, or where it is 0. */
  readonly ratio: number | null
}

/** What the runner hands to a figure. */
export interface BenchContext {
  /** How often each side is measured; the row has the median. At least 3. */
  readonly runs: number
  /** An empty folder of this run, removed at the end of it. */
  readonly folder: string
  /** Paths of the programs that run one node each: this package's, and the relay that npm has. */
  readonly programs: Readonly<Record<Side, string>>
  /** Shows a line of progress. */
  readonly progress: (line: string) => void
}

/** What a file in test/bench exports. */
export interface FigureModule {
  /** Names of the figures that `measure` gives rows of. */
  readonly figures: readonly string[]
  /** True when `programs.baseline` is used, so that it has to be installed first. */
  readonly usesBaseline?: boolean
  /** True for what takes so long that it runs only when `--only` names it. */
  readonly isOnDemand?: boolean
  readonly measure: (context: BenchContext) => AsyncIterable<Row>
}

/** Which of the two is measured. */
export type Side = 'ours' | 'baseline'

/** Makes a row out of a value and what it is compared with. */
export function row (figure: string, name: string, unit: string, value: number, baseline: number | null = null): Row {
  const ratio = baseline === null || baseline === 0 ? null : rounded(value / baseline)
  return { figure, case: name, value: rounded(value), unit, baseline: baseline === null ? null : rounded(baseline), ratio }
}

// Five digits are more than the machine's noise leaves significant.
function rounded (value: number): number {
  return Number(value.toPrecision(5))
}
