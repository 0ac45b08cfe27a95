import { useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../../text/language.js'
import { emojiGroups } from './emoji-groups.js'

interface EmojiPickerProps {
  readonly onChoose: (emoji: string) => void
  readonly onClose: () => void
}

/** Emoji in a row of the grid; the style sheet says the same. */
const numColumns = 9

/** A grid of emoji. Arrow keys move in it, Enter takes one, Escape closes it. */
export function EmojiPicker ({ onChoose, onClose }: EmojiPickerProps) {
  const root = useRef<HTMLDivElement>(null)
  const { emoji, emojiGroups: names } = t.value.composer

  useLayoutEffect(() => {
    root.current?.querySelector('button')?.focus()
    const onPointerDown = ({ target }: PointerEvent): void => {
      if (target instanceof Element && root.current?.contains(target) !== true && target.closest('.composer-box') === null) onClose()
    }
    document.addEventListener('pointerdown', onPointerDown)
    return () => { document.removeEventListener('pointerdown', onPointerDown) }
  }, [])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      onClose()
      return
    }
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: numColumns, ArrowUp: -numColumns }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const buttons = [...root.current?.querySelectorAll('button') ?? []]
    buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step]?.focus()
  }

  return (
    <div class='emoji-picker' role='dialog' aria-label={emoji} ref={root} onKeyDown={onKeyDown}>
      {Object.entries(emojiGroups).map(([group, list]) => (
        <div key={group} role='group' aria-label={names[group as keyof typeof names]}>
          <p class='emoji-group' aria-hidden='true'>{names[group as keyof typeof names]}</p>
          <div class='emoji-grid'>
            {list.map((character, i) => (
              <button key={character} type='button' class='emoji' tabIndex={i === 0 ? 0 : -1} onClick={() => { onChoose(character) }}>{character}</button>
            ))}
          </div>
        </div>
      ))}
    </div>
  )
}
