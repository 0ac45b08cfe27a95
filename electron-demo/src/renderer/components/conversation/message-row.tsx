import { memo } from 'preact/compat'
import { RotateCw } from 'lucide'
import type { ChatError, ChatMessage, MessageState } from '../../../shared/ipc.js'
import { hueOf } from '../../message/hue-of.js'
import { settings } from '../../state/app-state.js'
import { retry, retryPending } from '../../state/outbox.js'
import type { PendingMessage } from '../../state/timeline.js'
import { errorText } from '../../text/error-text.js'
import { formats, t } from '../../text/language.js'
import { Avatar } from '../base/avatar.js'
import { Button } from '../base/button.js'
import { DaySeparator } from './day-separator.js'
import { DeliveryState } from './delivery-state.js'
import { MessageText } from './message-text.js'

interface MessageRowProps {
  readonly roomId: string
  /** The list finds the row by it. */
  readonly rowKey: number
  readonly message: ChatMessage | PendingMessage
  readonly startsDay: boolean
  readonly startsGroup: boolean
  /** The first of those that came while nobody was looking. */
  readonly isFirstNew: boolean
}

/** A message as it stands in the conversation. */
export const MessageRow = memo(({ roomId, rowKey, message, startsDay, startsGroup, isFirstNew }: MessageRowProps) => {
  const { nick, isOwn, state } = standing(message)
  const { conversation } = t.value
  return (
    <div class={startsGroup ? 'row starts-group' : 'row'}>
      {startsDay && <DaySeparator at={message.sentAt} />}
      {isFirstNew && <div class='new-separator'><span>{conversation.newMessages}</span></div>}
      <div
        class={`message ${isOwn ? 'own' : 'other'} ${state}`} tabIndex={-1} data-key={rowKey}
        {...('id' in message && { 'data-id': message.id })} data-client-id={message.clientId ?? undefined}
      >
        {!isOwn && <div class='message-side'>{startsGroup && <Avatar nick={nick} size='small' />}</div>}
        <div class='bubble'>
          {isOwn || !startsGroup
            ? <span class='visually-hidden'>{isOwn ? t.value.common.you : nick}: </span>
            : <span class={`message-nick hue-${hueOf(nick)}`} dir='auto'>{nick}</span>}
          <MessageText text={message.text} />
          <span class='message-meta'>
            <time dateTime={safeIso(message.sentAt)} title={formats.value.full(message.sentAt)}>{formats.value.time(message.sentAt)}</time>
            {state !== 'received' && <DeliveryState state={state} />}
          </span>
        </div>
        {state === 'failed' && <Failure roomId={roomId} message={message} />}
      </div>
    </div>
  )
})

function Failure ({ roomId, message }: Pick<MessageRowProps, 'roomId' | 'message'>) {
  return (
    <div class='failure'>
      {message.error !== null && <span class='failure-reason'>{errorText(message.error, t.value)}</span>}
      <Button look='quiet' icon={RotateCw} class='retry' onClick={() => { retryRow(roomId, message) }}>{t.value.common.retry}</Button>
    </div>
  )
}

/** Sends a failed message again, whoever it was that did not take it. */
export function retryRow (roomId: string, message: ChatMessage | PendingMessage): void {
  if ('id' in message) void retry(message)
  else retryPending(roomId, message.clientId)
}

/** What a message is that the engine may not have yet. */
export function standing (message: ChatMessage | PendingMessage): { readonly nick: string, readonly isOwn: boolean, readonly state: MessageState, readonly error: ChatError | null } {
  if ('id' in message) return message
  return { nick: settings.peek()?.nickname ?? '', isOwn: true, state: message.error === null ? 'sending' : 'failed', error: message.error }
}

function safeIso (at: number): string | undefined {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : undefined
}
