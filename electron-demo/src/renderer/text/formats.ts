/** How a language writes numbers, times and amounts. */
export interface Formats {
  readonly locale: string
  readonly number: (value: number) => string
  /** Time of day: `14:05`. */
  readonly time: (at: number) => string
  /** Time of day with seconds, for logs. */
  readonly exactTime: (at: number) => string
  /** A day in words, without the year in this year: `Monday, 23 November`. */
  readonly day: (at: number) => string
  /** Day and time, in full. */
  readonly full: (at: number) => string
  /** Time of day for today, else the day in short. */
  readonly brief: (at: number, now?: number) => string
  /** With the unit that fits: `1.2 MB`. */
  readonly bytes: (value: number) => string
  /** With the units that fit: `340 ms`, `12 s`, `3 min`, `2 h 5 min`. */
  readonly duration: (ms: number) => string
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** Makes the formats of a locale, given as BCP 47. They are made once because making them is slow. */
export function formatsOf (locale: string): Formats {
  const numbers = new Intl.NumberFormat(locale)
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
  const exactTime = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
  const day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })
  const dayOfYear = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' })
  const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
  const shortOfYear = new Intl.DateTimeFormat(locale, { dateStyle: 'short' })
  const bytes = byteUnits.map((unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: unit === 'byte' ? 0 : 1 }))
  const unitOf = (unit: string): Intl.NumberFormat => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 })
  const [ms, seconds, minutes, hours, days] = ['millisecond', 'second', 'minute', 'hour', 'day'].map(unitOf) as [Intl.NumberFormat, Intl.NumberFormat, Intl.NumberFormat, Intl.NumberFormat, Intl.NumberFormat]
  const isThisYear = (at: number, now = Date.now()): boolean => new Date(at).getFullYear() === new Date(now).getFullYear()
  return {
    locale,
    number: (value) => numbers.format(value),
    time: (at) => time.format(safe(at)),
    exactTime: (at) => exactTime.format(safe(at)),
    day: (at) => (isThisYear(at) ? day : dayOfYear).format(safe(at)),
    full: (at) => full.format(safe(at)),
    brief: (at, now = Date.now()) => {
      if (new Date(at).toDateString() === new Date(now).toDateString()) return time.format(safe(at))
      return (isThisYear(at, now) ? short : shortOfYear).format(safe(at))
    },
    bytes: (value) => {
      const power = value < 1 ? 0 : Math.min(Math.floor(Math.log(value) / Math.log(1000)), byteUnits.length - 1)
      return bytes[power]?.format(value / 1000 ** power) ?? ''
    },
    duration: (value) => {
      if (value < 1000) return ms.format(value)
      const inSeconds = Math.round(value / 1000)
      if (inSeconds < 60) return seconds.format(inSeconds)
      const inMinutes = Math.floor(inSeconds / 60)
      if (inMinutes < 60) return minutes.format(inMinutes)
      const inHours = Math.floor(inMinutes / 60)
      if (inHours < 48) return `${hours.format(inHours)} ${minutes.format(inMinutes % 60)}`
      return days.format(Math.floor(inHours / 24))
    }
  }
}

/** Senders can claim any time; one that no calendar holds is shown as the beginning of all times. */
function safe (at: number): number {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? at : 0
}
