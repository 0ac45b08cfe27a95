/** How many colours there are for names; the style sheet has one for each. */
export const numHues = 8

/** Chooses a colour for a name: the same on every machine. */
export function hueOf (nick: string): number {
  let hash = 0
  for (const character of nick) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return hash % numHues
}

/** The one or two letters that stand for a name. */
export function initialsOf (nick: string): string {
  const words = nick.split(/[\s\-_.]+/).filter((word) => word !== '')
  const letters = words.slice(0, 2).map((word) => String.fromCodePoint(word.codePointAt(0) ?? 63))
  return letters.join('').toLocaleUpperCase()
}
