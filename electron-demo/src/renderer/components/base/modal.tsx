import { X } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../../text/language.js'
import { IconButton } from './button.js'

interface ModalProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  readonly class?: string
}

/** A dialog over the window. The platform keeps the focus inside, closes it with Escape, and gives the focus back. */
export function Modal ({ title, onClose, children, class: className = '' }: ModalProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useLayoutEffect(() => {
    const element = ref.current
    const focused = document.activeElement
    element?.showModal()
    element?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    return () => {
      element?.close()
      if (focused instanceof HTMLElement && focused.isConnected) focused.focus()
    }
  }, [])
  return (
    <dialog
      ref={ref} class={`modal ${className}`} aria-labelledby={id}
      onCancel={(event) => { event.preventDefault(); onClose() }}
      onMouseDown={(event) => { if (event.target === ref.current) onClose() }}
    >
      <div class='modal-body'>
        <header class='modal-header'>
          <h2 id={id}>{title}</h2>
          <IconButton icon={X} label={t.value.common.close} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  )
}
