import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Timeline } from '../../state/timeline.js'

/** How many rows to show, and whether they grew at the start. */
export interface Growth {
  readonly numShown: number
  readonly isAtStart: boolean
}

/**
 * Steps through the growth of a timeline. The list keeps its place from below when rows come before, and from above when
 * they come after, but cannot do both at once: those at the start come first, then the others.
 */
export function useGrowth (timeline: Timeline): Growth {
  const [, again] = useState(0)
  const firstKey = timeline.keyOf(0)
  const total = timeline.numRows
  const last = useRef({ firstKey, numShown: total })
  const numBefore = last.current.firstKey - firstKey
  const isAtStart = numBefore > 0
  const numShown = isAtStart ? Math.min(last.current.numShown + numBefore, total) : total
  useLayoutEffect(() => {
    last.current = { firstKey, numShown }
    if (numShown !== total) again((n) => n + 1)
  })
  return { numShown, isAtStart }
}
