import type { BackendChoice as Backend } from '../../../shared/ipc.js'
import { t } from '../../text/language.js'
import { Choice } from '../base/choice.js'

interface BackendChoiceProps {
  readonly value: Backend
  readonly onChange: (backend: Backend) => void
  readonly look?: 'cards' | 'segments'
  readonly disabled?: boolean
}

/** Chooses what the node is made of. */
export function BackendChoice ({ value, onChange, look = 'cards', disabled = false }: BackendChoiceProps) {
  const { backend, profile } = t.value
  const hints = look === 'cards'
  return (
    <Choice
      look={look} label={profile.backend} value={value} onChange={onChange} disabled={disabled}
      options={[
        { value: 'auto', label: backend.auto, ...(hints && { hint: backend.autoHint }) },
        { value: 'libwaku', label: backend.libwaku, ...(hints && { hint: backend.libwakuHint }) },
        { value: 'js', label: backend.js, ...(hints && { hint: backend.jsHint }) }
      ]}
    />
  )
}
