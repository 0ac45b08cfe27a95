import { Check, CheckCheck, CircleAlert, Clock, type IconNode } from 'lucide'
import type { MessageState } from '../../../shared/ipc.js'
import { t } from '../../text/language.js'
import { Icon } from '../base/icon.js'

type OwnState = Exclude<MessageState, 'received'>

const icons: Readonly<Record<OwnState, IconNode>> = { sending: Clock, sent: Check, stored: CheckCheck, failed: CircleAlert }

/** Where an own message is on its way: an icon, and the word for it. */
export function DeliveryState ({ state }: { readonly state: OwnState }) {
  const { state: words } = t.value
  return (
    <span class={`delivery ${state}`} data-state={state} title={words[`${state}Hint`]}>
      <Icon of={icons[state]} size={14} />
      <span>{words[state]}</span>
    </span>
  )
}
