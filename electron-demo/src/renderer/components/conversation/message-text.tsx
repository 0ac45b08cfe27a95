import { useState } from 'preact/hooks'
import { clipText } from '../../message/clip-text.js'
import { isOnlyEmoji } from '../../message/is-only-emoji.js'
import { parseText } from '../../message/parse-text.js'
import { openLink } from '../../state/actions.js'
import { t } from '../../text/language.js'

/** What somebody wrote: links can be opened, long texts are shown in part at first. */
export function MessageText ({ text }: { readonly text: string }) {
  const [isWhole, setWhole] = useState(false)
  const clipped = clipText(text)
  const shown = isWhole || clipped === undefined ? text : clipped
  if (isOnlyEmoji(text)) return <p class='message-text only-emoji' dir='auto'>{text.trim()}</p>
  return (
    <>
      <p class='message-text' dir='auto'>
        {parseText(shown).map((segment, i) => segment.kind === 'text' ? segment.text : <SafeLink key={i} {...segment} />)}
      </p>
      {clipped !== undefined && (
        <button type='button' class='more' aria-expanded={isWhole} onClick={() => { setWhole(!isWhole) }}>
          {isWhole ? t.value.conversation.showLess : t.value.conversation.showAll}
        </button>
      )}
    </>
  )
}

/** A link that main opens in the browser of the system; the window itself never follows it. */
function SafeLink ({ text, url }: { readonly text: string, readonly url: string }) {
  return (
    <a
      href={url} title={url} rel='noreferrer noopener'
      onClick={(event) => { event.preventDefault(); void openLink(url) }} onAuxClick={(event) => { event.preventDefault() }}
    >
      {text}
    </a>
  )
}
