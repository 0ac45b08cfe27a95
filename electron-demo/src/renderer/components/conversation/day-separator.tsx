import { isDayBefore, isSameDay } from '../../message/placement.js'
import { formats, t } from '../../text/language.js'

/** Says which day the messages below are of. */
export function DaySeparator ({ at }: { readonly at: number }) {
  const now = Date.now()
  const { today, yesterday } = t.value.conversation
  const label = isSameDay(at, now) ? today : isDayBefore(at, now) ? yesterday : formats.value.day(at)
  return <div class='day-separator'><span>{label}</span></div>
}
