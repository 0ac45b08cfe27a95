/** From here on a text is long, and is shown in part at first: characters and lines. */
export const longText = { characters: 700, lines: 12 } as const

/** Shortens a long text between words. @returns undefined when the text is not long. */
export function clipText (text: string): string | undefined {
  let end = Math.min(text.length, longText.characters)
  let line = -1
  for (let lines = 0; lines < longText.lines; lines++) {
    line = text.indexOf('\n', line + 1)
    if (line === -1) break
  }
  if (line !== -1) end = Math.min(end, line)
  // A little over is not worth a click.
  if (text.length - end < 120 && line === -1) return undefined
  if (end === text.length) return undefined
  const clipped = text.slice(0, end)
  const lastSpace = /\s/.test(text.charAt(end)) ? -1 : clipped.search(/\s\S*$/)
  const cut = lastSpace > end - 80 && lastSpace !== -1 ? clipped.slice(0, lastSpace) : clipped
  // Half a surrogate pair is no character.
  return `${cut.replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…`
}
