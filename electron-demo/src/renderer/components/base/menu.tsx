import { EllipsisVertical, type IconNode } from 'lucide'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { IconButton } from './button.js'
import { Icon } from './icon.js'

/** A line of a menu. */
export interface MenuItem {
  readonly label: string
  readonly icon: IconNode
  readonly isDangerous?: boolean
  readonly onChoose: () => void
}

interface MenuProps {
  readonly label: string
  readonly items: readonly MenuItem[]
}

/** A button that opens a list of actions. Arrow keys, Home, End and Escape work as menus do. */
export function Menu ({ label, items }: MenuProps) {
  const [isOpen, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const close = (giveBack: boolean): void => {
    setOpen(false)
    if (giveBack) button.current?.focus()
  }
  useLayoutEffect(() => {
    if (!isOpen) return
    root.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    const onPointerDown = ({ target }: PointerEvent): void => {
      if (target instanceof Node && root.current?.contains(target) !== true) setOpen(false)
    }
    document.addEventListener('pointerdown', onPointerDown)
    return () => { document.removeEventListener('pointerdown', onPointerDown) }
  }, [isOpen])
  const onKeyDown = (event: KeyboardEvent): void => {
    const entries = [...root.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? []]
    const index = entries.indexOf(document.activeElement as HTMLElement)
    const next = { ArrowDown: index + 1, ArrowUp: index - 1 + entries.length, Home: 0, End: entries.length - 1 }[event.key]
    if (event.key === 'Escape') close(true)
    else if (event.key === 'Tab') close(false)
    else if (next !== undefined) entries[next % entries.length]?.focus()
    if (event.key === 'Escape' || next !== undefined) {
      event.preventDefault()
      event.stopPropagation()
    }
  }
  return (
    <div class='menu' ref={root}>
      <IconButton icon={EllipsisVertical} label={label} buttonRef={button} aria-haspopup='menu' aria-expanded={isOpen} onClick={() => { setOpen(!isOpen) }} />
      {isOpen && (
        <div class='menu-list' role='menu' aria-label={label} onKeyDown={onKeyDown}>
          {items.map((item) => (
            <button
              key={item.label} type='button' role='menuitem' tabIndex={-1} class={item.isDangerous === true ? 'menu-item danger' : 'menu-item'}
              onClick={() => { close(true); item.onChoose() }}
            >
              <Icon of={item.icon} size={16} />{item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
