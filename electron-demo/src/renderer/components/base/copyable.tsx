import { Copy } from 'lucide'
import { copy } from '../../state/actions.js'
import { t } from '../../text/language.js'
import { IconButton } from './button.js'

interface CopyableProps {
  readonly what: string
  readonly value: string
}

/** A long value in one line, with a button that copies it. */
export function Copyable ({ what, value }: CopyableProps) {
  return (
    <span class='copyable'>
      <code title={value}>{value}</code>
      <IconButton icon={Copy} size={14} class='small' label={t.value.panel.copyValue(what)} onClick={() => { void copy(value) }} />
    </span>
  )
}
