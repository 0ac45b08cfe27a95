import { closest, distance } from 'fastest-levenshtein'

/** Ends a complaint about an unknown name: with the nearest known one, or with all of them when none is near. */
export function suggestion (name: string, known: readonly string[]): string {
  const nearest = closest(name, known)
  return distance(name, nearest) <= Math.max(2, name.length / 2) ? `did you mean ${nearest}?` : `there is ${known.join(', ')}`
}
