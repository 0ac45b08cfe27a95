/** The median; of an even number of values the mean of the two in the middle. */
export function median (values: readonly number[]): number {
  const sorted = ascending(values)
  const upper = at(sorted, Math.floor(sorted.length / 2))
  return sorted.length % 2 === 1 ? upper : (at(sorted, sorted.length / 2 - 1) + upper) / 2
}

/** The median, or null of nothing. */
export function medianOrNull (values: readonly number[]): number | null {
  return values.length === 0 ? null : median(values)
}

/** The smallest of the values that `percent` per cent of them do not exceed (nearest rank). */
export function percentile (values: readonly number[], percent: number): number {
  const sorted = ascending(values)
  return at(sorted, Math.max(0, Math.ceil(sorted.length * percent / 100) - 1))
}

function ascending (values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b)
}

function at (values: readonly number[], index: number): number {
  const value = values[index]
  if (value === undefined) throw new RangeError('there is nothing measured')
  return value
}
