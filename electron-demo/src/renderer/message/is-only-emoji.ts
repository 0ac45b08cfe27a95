const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const emoji = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\uFE0F?\u20E3)/u

/** The most emoji that are shown large. */
const most = 5

/** Tells whether a text is a few emoji and nothing else, and is to be shown large. */
export function isOnlyEmoji (text: string): boolean {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.length > most * 16) return false
  const parts = [...segmenter.segment(trimmed)].map(({ segment }) => segment).filter((segment) => segment.trim() !== '')
  return parts.length <= most && parts.every((part) => emoji.test(part))
}
