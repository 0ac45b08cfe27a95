import { useComputed } from '@preact/signals'
import { LoaderCircle } from 'lucide'
import { rooms } from '../../state/app-state.js'
import { t } from '../../text/language.js'
import { Icon } from '../base/icon.js'

/** Says that a room is being brought up to date, and how far that is. */
export function Progress ({ roomId }: { readonly roomId: string }) {
  const history = useComputed(() => rooms.value.get(roomId)?.value.history).value
  if (history?.phase !== 'catching-up') return null
  return (
    <div class='progress' role='status'>
      <div class='progress-bar' />
      <span><Icon of={LoaderCircle} size={14} class='spin' /> {t.value.conversation.catchingUp(history.numFetched)}</span>
    </div>
  )
}
