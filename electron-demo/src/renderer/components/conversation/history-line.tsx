import { useComputed } from '@preact/signals'
import { ArrowUp, LoaderCircle, RotateCw } from 'lucide'
import { rooms } from '../../state/app-state.js'
import { loadOlder } from '../../state/history.js'
import { t } from '../../text/language.js'
import { Button } from '../base/button.js'
import { Icon } from '../base/icon.js'

/** The height of the line, in pixels; the style sheet says the same. */
export const historyLineHeight = 56

/** What stands above the oldest message: where the history ends, or how it is being fetched. */
export function HistoryLine ({ roomId }: { readonly roomId: string }) {
  const history = useComputed(() => rooms.value.get(roomId)?.value.history).value
  const { conversation, common } = t.value
  if (history === undefined) return <div class='history-line' />
  const { phase, numFetched, hasOlder } = history
  if (phase === 'loading-older') return <div class='history-line'><Icon of={LoaderCircle} class='spin' /> {conversation.loadingOlder(numFetched)}</div>
  if (phase === 'failed') {
    return (
      <div class='history-line'>
        {conversation.historyFailed}
        <Button look='quiet' icon={RotateCw} onClick={() => { void loadOlder(roomId) }}>{common.retry}</Button>
      </div>
    )
  }
  if (!hasOlder) return <div class='history-line'>{conversation.beginning}</div>
  return <div class='history-line'><Button look='quiet' icon={ArrowUp} onClick={() => { void loadOlder(roomId) }}>{conversation.loadOlder}</Button></div>
}
