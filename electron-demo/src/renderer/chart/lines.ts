/** How many values the chart has room for: one a second. */
const numSlots = 60

/** The drawing's own units; it is stretched to the width there is. */
export const size = { width: 300, height: 80 } as const

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
