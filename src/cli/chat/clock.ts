/** Writes a time in nanoseconds since the Unix epoch as the local time of day, with the date unless that is today's. */
export function clockTime (timestamp: bigint, now = new Date()): string {
  const date = new Date(Number(timestamp / 1_000_000n))
  if (Number.isNaN(date.getTime())) return '??:??'
  const two = (value: number): string => value.toString().padStart(2, '0')
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`
  return date.toDateString() === now.toDateString() ? time : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`
}
