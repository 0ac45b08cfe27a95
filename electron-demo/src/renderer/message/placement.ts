/** What the place of a message depends on. */
export interface Placed {
  readonly nick: string
  readonly sentAt: number
  readonly isOwn: boolean
}

/** How a message stands to the one before it. */
export interface Placement {
  /** The first of its day: a separator comes before it. */
  readonly startsDay: boolean
  /** The first of somebody's messages in a row: the name comes with it. */
  readonly startsGroup: boolean
}

/** Messages of one person that are less apart than this stand together, in milliseconds. */
const groupWithinMs = 5 * 60_000

/** Places a message after the one before it; undefined before the first of a room. */
export function placementOf (message: Placed, previous: Placed | undefined): Placement {
  const startsDay = previous === undefined || !isSameDay(message.sentAt, previous.sentAt)
  const isSamePerson = previous?.nick === message.nick && previous.isOwn === message.isOwn
  const startsGroup = startsDay || !isSamePerson || Math.abs(message.sentAt - previous.sentAt) > groupWithinMs
  return { startsDay, startsGroup }
}

/** Tells whether two times, in milliseconds since the Unix epoch, are on one day of this machine's calendar. */
export function isSameDay (a: number, b: number): boolean {
  const [first, second] = [new Date(a), new Date(b)]
  return first.getDate() === second.getDate() && first.getMonth() === second.getMonth() && first.getFullYear() === second.getFullYear()
}

/** Tells whether a time is on the day before another. */
export function isDayBefore (at: number, now: number): boolean {
  const yesterday = new Date(now)
  yesterday.setDate(yesterday.getDate() - 1)
  return isSameDay(at, yesterday.getTime())
}
