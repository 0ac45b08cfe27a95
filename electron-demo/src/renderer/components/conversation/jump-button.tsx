import { ArrowDown } from 'lucide'
import { t } from '../../text/language.js'
import { Icon } from '../base/icon.js'

interface JumpButtonProps {
  readonly unread: number
  readonly onClick: () => void
}

/** Leads back to the newest message. */
export function JumpButton ({ unread, onClick }: JumpButtonProps) {
  const { jumpToEnd, numNew } = t.value.conversation
  return (
    <button type='button' class='jump' aria-label={unread > 0 ? `${jumpToEnd}, ${numNew(unread)}` : jumpToEnd} title={jumpToEnd} onClick={onClick}>
      <Icon of={ArrowDown} />
      {unread > 0 && <span>{numNew(unread)}</span>}
    </button>
  )
}
