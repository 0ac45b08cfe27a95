import { useId } from 'preact/hooks'

/** One of several ways. */
export interface Option<V extends string> {
  readonly value: V
  readonly label: string
  readonly hint?: string
}

interface ChoiceProps<V extends string> {
  readonly label: string
  readonly options: ReadonlyArray<Option<V>>
  readonly value: V
  readonly onChange: (value: V) => void
  /** `cards` have room for a hint, `segments` stand in one line. */
  readonly look: 'cards' | 'segments'
  readonly disabled?: boolean
}

/** A choice of one among a few: radio buttons that look like cards or like segments. */
export function Choice<V extends string> ({ label, options, value, onChange, look, disabled = false }: ChoiceProps<V>) {
  const name = useId()
  return (
    <fieldset class={`choice ${look}`} disabled={disabled}>
      <legend>{label}</legend>
      <div class='options'>
        {options.map((option) => (
          <label key={option.value} class='option'>
            <input type='radio' name={name} value={option.value} checked={option.value === value} onChange={() => { onChange(option.value) }} />
            <span class='option-text'>
              <span class='option-label'>{option.label}</span>
              {option.hint !== undefined && <span class='hint'>{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
