import { signal } from '@preact/signals'
import { announce } from './announcer.js'

/** A notice that goes by itself. */
export interface Toast {
  readonly id: number
  readonly kind: 'info' | 'error'
  readonly text: string
}

/** How long a notice stays, in milliseconds. */
const staysMs = { info: 4000, error: 8000 } as const

/** The most notices at a time. */
const most = 4

let lastId = 0

export const toasts = signal<readonly Toast[]>([])

/** Shows a notice, and reads it to those who do not see it. */
export function showToast (text: string, kind: Toast['kind'] = 'info'): void {
  const id = ++lastId
  toasts.value = [...toasts.value.filter((toast) => toast.text !== text), { id, kind, text }].slice(-most)
  announce(text, kind === 'error' ? 'assertive' : 'polite')
  setTimeout(() => dismissToast(id), staysMs[kind])
}

/** Takes a notice away. */
export function dismissToast (id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}
