import type { IconNode } from 'lucide'
import { h } from 'preact'

interface IconProps {
  readonly of: IconNode
  readonly size?: number
  readonly class?: string
}

/** Draws an icon. Screen readers skip it: what it means stands beside it. */
export function Icon ({ of, size = 18, class: className = '' }: IconProps) {
  return (
    <svg class={`icon ${className}`} width={size} height={size} viewBox='0 0 24 24' aria-hidden='true' focusable='false'>
      {of.map(([tag, attributes], i) => h(tag, { key: i, ...attributes }))}
    </svg>
  )
}
