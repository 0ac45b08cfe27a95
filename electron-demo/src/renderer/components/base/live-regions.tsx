import { announcements } from '../../state/announcer.js'

/** What screen readers are told as it happens. */
export function LiveRegions () {
  const { polite, assertive } = announcements.value
  return (
    <div class='visually-hidden'>
      <div role='status' aria-live='polite'>{polite}</div>
      <div role='alert' aria-live='assertive'>{assertive}</div>
    </div>
  )
}
