import { X } from 'lucide'
import { dismissToast, toasts } from '../../state/toasts.js'
import { t } from '../../text/language.js'
import { IconButton } from './button.js'

/** The notices at the edge of the window. The live regions have read them already. */
export function Toasts () {
  return (
    <section class='toasts' aria-label={t.value.notices}>
      {toasts.value.map(({ id, kind, text }) => (
        <div key={id} class={`toast ${kind}`}>
          <p>{text}</p>
          <IconButton icon={X} size={16} label={t.value.common.close} onClick={() => { dismissToast(id) }} />
        </div>
      ))}
    </section>
  )
}
