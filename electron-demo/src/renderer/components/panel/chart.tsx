import { areaOf, lineOf, size } from '../../chart/lines.js'

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
