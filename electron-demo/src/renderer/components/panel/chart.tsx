/** How many values the chart has room for: one a second. */
const numSlots = 60

/** The drawing's own units; it is stretched to the width there is. */
const size = { width: 300, height: 80 } as const

interface ChartProps {
  readonly into: readonly number[]
  readonly out: readonly number[]
  readonly most: number
  readonly mostText: string
  /** The chart in words. */
  readonly label: string
}

/** Draws the last minute: what came in as an area, what went out as a line. */
export function Chart ({ into, out, most, mostText, label }: ChartProps) {
  return (
    <div class='chart' role='img' aria-label={label}>
      <svg viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio='none' aria-hidden='true' focusable='false'>
        {[0.25, 0.5, 0.75].map((part) => <line key={part} class='chart-grid' x1={0} x2={size.width} y1={size.height * part} y2={size.height * part} />)}
        <path class='chart-area' d={areaOf(into, most)} />
        <path class='chart-line in' d={lineOf(into, most)} />
        <path class='chart-line out' d={lineOf(out, most)} />
      </svg>
      <span class='chart-most' aria-hidden='true'>{mostText}</span>
    </div>
  )
}

/** The path of a line through values, the newest at the right edge. */
export function lineOf (values: readonly number[], most: number): string {
  const shown = values.slice(-numSlots)
  return shown.map((value, i) => {
    const x = size.width - (shown.length - 1 - i) * (size.width / (numSlots - 1))
    // A little air above, so that the line is whole.
    const y = size.height - (value / most) * (size.height - 6) - 1
    return `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`
  }).join('')
}

/** The path of the area under such a line. */
export function areaOf (values: readonly number[], most: number): string {
  const shown = values.slice(-numSlots)
  if (shown.length === 0) return ''
  const left = size.width - (shown.length - 1) * (size.width / (numSlots - 1))
  return `${lineOf(shown, most)}L${size.width} ${size.height}L${left.toFixed(1)} ${size.height}Z`
}
