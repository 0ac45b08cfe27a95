import { SendHorizontal, Smile } from 'lucide'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { limits } from '../../../shared/ipc.js'
import { draftOf, saveDraft, setDraft } from '../../state/drafts.js'
import { send } from '../../state/outbox.js'
import { t } from '../../text/language.js'
import { IconButton } from '../base/button.js'
import { EmojiPicker } from './emoji-picker.js'

/** From how many characters before the limit on the rest is counted. */
const countFrom = 400

/** The tallest it grows, in pixels. */
const tallest = 220

/** Where a message is written. Enter sends, Shift and Enter begin a new line. */
export function Composer ({ roomId }: { readonly roomId: string }) {
  const [text, setText] = useState(() => draftOf(roomId))
  const [isPicking, setPicking] = useState(false)
  const area = useRef<HTMLTextAreaElement>(null)
  const { composer } = t.value
  const left = limits.textLength - text.length
  const canSend = text.trim() !== '' && left >= 0

  useLayoutEffect(() => { area.current?.focus() }, [])
  useEffect(() => {
    const save = (): void => { saveDraft(roomId) }
    window.addEventListener('blur', save)
    return () => {
      window.removeEventListener('blur', save)
      save()
    }
  }, [])
  useLayoutEffect(() => {
    const element = area.current
    if (element === null) return
    element.style.height = 'auto'
    element.style.height = `${Math.min(element.scrollHeight, tallest)}px`
  }, [text])

  const change = (value: string): void => {
    setText(value)
    setDraft(roomId, value)
  }
  const submit = (): void => {
    if (!canSend) return
    send(roomId, text.trim())
    change('')
    saveDraft(roomId)
    area.current?.focus()
  }
  const insert = (emoji: string): void => {
    const element = area.current
    if (element === null) return
    element.setRangeText(emoji, element.selectionStart, element.selectionEnd, 'end')
    change(element.value)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // An input method uses Enter to choose characters.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    submit()
  }

  return (
    <form class='composer' onSubmit={(event) => { event.preventDefault(); submit() }} data-region='composer'>
      {isPicking && <EmojiPicker onChoose={insert} onClose={() => { setPicking(false); area.current?.focus() }} />}
      <div class='composer-box'>
        <IconButton icon={Smile} label={composer.emoji} aria-expanded={isPicking} onClick={() => { setPicking(!isPicking) }} />
        <textarea
          ref={area} id='composer' rows={1} aria-label={composer.label(roomId)} placeholder={composer.placeholder(roomId)} value={text} dir='auto'
          aria-describedby={left < countFrom ? 'composer-left' : undefined} aria-invalid={left < 0}
          onInput={({ currentTarget }) => { change(currentTarget.value) }} onKeyDown={onKeyDown}
        />
        <IconButton icon={SendHorizontal} label={composer.send} keys='Enter' class='send' type='submit' disabled={!canSend} />
      </div>
      {left < countFrom && <p id='composer-left' class={left < 0 ? 'composer-left error' : 'composer-left'}>{composer.left(left)}</p>}
    </form>
  )
}
