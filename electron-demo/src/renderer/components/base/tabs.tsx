import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'

interface TabsProps<K extends string> {
  readonly label: string
  readonly tabs: Readonly<Record<K, string>>
  readonly active: K
  readonly onChoose: (key: K) => void
  readonly children: ComponentChildren
}

/** A row of tabs and the part that the chosen one shows. Arrow keys move among them. */
export function Tabs<K extends string> ({ label, tabs, active, onChoose, children }: TabsProps<K>) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const keys = Object.keys(tabs) as K[]
  const onKeyDown = (event: KeyboardEvent): void => {
    const index = keys.indexOf(active)
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1 + keys.length, Home: 0, End: keys.length - 1 }[event.key]
    const key = next === undefined ? undefined : keys[next % keys.length]
    if (key === undefined) return
    event.preventDefault()
    onChoose(key)
    list.current?.querySelector<HTMLElement>(`[data-key='${key}']`)?.focus()
  }
  return (
    <>
      <div class='tabs' role='tablist' aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {keys.map((key) => (
          <button
            key={key} type='button' role='tab' data-key={key} id={`${id}-${key}`} aria-selected={key === active} aria-controls={`${id}-panel`}
            tabIndex={key === active ? 0 : -1} class='tab' onClick={() => { onChoose(key) }}
          >
            {tabs[key]}
          </button>
        ))}
      </div>
      <div class='tab-panel' role='tabpanel' id={`${id}-panel`} aria-labelledby={`${id}-${active}`} tabIndex={0}>{children}</div>
    </>
  )
}
