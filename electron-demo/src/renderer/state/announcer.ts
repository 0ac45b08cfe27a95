import { signal } from '@preact/signals'

type Urgency = 'polite' | 'assertive'

/** What screen readers are told, by how urgent it is. The live regions show it. */
export const announcements = signal<Readonly<Record<Urgency, string>>>({ polite: '', assertive: '' })

/** Tells screen readers something. A text that is told twice in a row is told twice. */
export function announce (text: string, urgency: Urgency = 'polite'): void {
  // A live region reads changes only, which a space without width makes of the same text.
  const previous = announcements.value[urgency]
  announcements.value = { ...announcements.value, [urgency]: previous === text ? `${text}\u200b` : text }
}
