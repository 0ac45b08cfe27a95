import { useId } from 'preact/hooks'

interface SwitchProps {
  readonly label: string
  readonly hint?: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
  readonly disabled?: boolean
}

/** Turns something on and off at once. */
export function Switch ({ label, hint, isOn, onChange, disabled = false }: SwitchProps) {
  const id = useId()
  return (
    <div class='switch-row'>
      <div>
        <span class='switch-label' id={id}>{label}</span>
        {hint !== undefined && <p class='hint' id={`${id}-hint`}>{hint}</p>}
      </div>
      <button
        type='button' role='switch' class='switch' aria-checked={isOn} aria-labelledby={id} disabled={disabled}
        {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })} onClick={() => { onChange(!isOn) }}
      >
        <span class='knob' />
      </button>
    </div>
  )
}
