import type { IconNode } from 'lucide'
import type { ButtonHTMLAttributes, ComponentChildren, Ref } from 'preact'
import { Icon } from './icon.js'

interface ButtonProps extends Omit<ButtonHTMLAttributes, 'icon' | 'class'> {
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet'
  readonly icon?: IconNode
  readonly children: ComponentChildren
  readonly class?: string
}

/** A button with words. */
export function Button ({ look = 'plain', icon, children, class: className = '', ...rest }: ButtonProps) {
  return (
    <button type='button' class={`button ${look} ${className}`} {...rest}>
      {icon !== undefined && <Icon of={icon} size={16} />}
      <span>{children}</span>
    </button>
  )
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes, 'icon' | 'class' | 'label'> {
  readonly icon: IconNode
  /** Read by screen readers, and shown when the pointer rests. */
  readonly label: string
  /** Keys that do the same. */
  readonly keys?: string
  readonly class?: string
  readonly size?: number
  readonly buttonRef?: Ref<HTMLButtonElement>
}

/** A button with an icon instead of words. */
export function IconButton ({ icon, label, keys, class: className = '', size = 18, buttonRef, ...rest }: IconButtonProps) {
  return (
    <button
      type='button' class={`icon-button ${className}`} aria-label={label} ref={buttonRef ?? null}
      title={keys === undefined ? label : `${label} (${keys})`} {...rest}
    >
      <Icon of={icon} size={size} />
    </button>
  )
}
