import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** What the control of a field has to carry. */
export interface ControlProps {
  readonly 'id': string
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: boolean
}

interface FieldProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly class?: string
  readonly children: (control: ControlProps) => ComponentChildren
}

/** A control with its label, a hint, and what is wrong with its value. */
export function Field ({ label, hint, error, class: className = '', children }: FieldProps) {
  const id = useId()
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter((part) => part !== false).join(' ')
  return (
    <div class={`field ${className}`}>
      <label for={id}>{label}</label>
      {children({ id, ...(described !== '' && { 'aria-describedby': described }), ...(error !== undefined && { 'aria-invalid': true }) })}
      {hint !== undefined && <p class='hint' id={`${id}-hint`}>{hint}</p>}
      {error !== undefined && <p class='error' id={`${id}-error`} role='alert'>{error}</p>}
    </div>
  )
}
