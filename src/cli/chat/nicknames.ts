const adjectives = ['brave', 'brisk', 'calm', 'clever', 'gentle', 'jolly', 'lucky', 'merry', 'quiet', 'swift', 'warm', 'witty']
const animals = ['badger', 'beaver', 'crane', 'finch', 'fox', 'hare', 'heron', 'lynx', 'marten', 'otter', 'raven', 'seal']

/** Makes up a nickname. */
export function randomNickname (): string {
  const pick = (words: readonly string[]): string => words[Math.floor(Math.random() * words.length)] ?? ''
  return `${pick(adjectives)}-${pick(animals)}`
}
