import { useComputed, useSignal } from '@preact/signals'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { placementOf, type Placed } from '../../message/placement.js'
import { rooms } from '../../state/app-state.js'
import { loadOlderOnScroll } from '../../state/history.js'
import { markRead } from '../../state/mark-read.js'
import type { Timeline } from '../../state/timeline.js'
import { timelineOf } from '../../state/timelines.js'
import { t } from '../../text/language.js'
import { HistoryLine, historyLineHeight } from './history-line.js'
import { JumpButton } from './jump-button.js'
import { ListItem } from './list-item.js'
import { MessageRow, standing } from './message-row.js'
import { ScrollKeeper } from './scroll-keeper.js'
import { useGrowth } from './use-growth.js'
import { useListKeys } from './use-list-keys.js'
import { useNewSeparator } from './use-new-separator.js'

/** Rows from the oldest at which older ones are asked for. */
const nearStart = 25

/** From how far up the way back to the end is offered, in pixels. */
const farFromEnd = 300

/** The messages of a room. Only those on screen are in the document, and only those around in memory. */
export function MessageList ({ roomId }: { readonly roomId: string }) {
  const timeline = useMemo(() => timelineOf(roomId), [roomId])
  // Read, so that the list is rendered anew with each change.
  timeline.version.value
  const room = useComputed(() => rooms.value.get(roomId)?.value)
  const { numShown, isAtStart } = useGrowth(timeline)
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const [keeper] = useState(() => new ScrollKeeper(scroller))
  const isFarFromEnd = useSignal(false)
  const firstNewKey = useNewSeparator(timeline, room)
  const { activeIndex, onKeyDown, onFocus } = useListKeys({ roomId, timeline, list, scroller, keeper, numShown })

  const look = (): void => {
    const handle = list.current
    if (handle === null || handle.viewportSize === 0) return
    const first = Math.max(0, handle.findItemIndex(handle.scrollOffset))
    const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize - 12)
    timeline.want(first, last + 1)
    isFarFromEnd.value = keeper.distance > farFromEnd
    if (first < nearStart) loadOlderOnScroll(roomId)
    if (document.hasFocus()) markRead(roomId, Math.min(last, timeline.count - 1))
  }

  useLayoutEffect(() => {
    const firstUnread = room.peek()?.firstUnreadIndex ?? null
    if (firstUnread === null) return
    keeper.release()
    list.current?.scrollToIndex(firstUnread, { align: 'start', offset: -64 })
  }, [])
  useLayoutEffect(() => { keeper.keep() })
  useEffect(look, [numShown, room.value?.history.phase, room.value?.unread])
  useEffect(() => {
    window.addEventListener('focus', look)
    return () => { window.removeEventListener('focus', look) }
  }, [timeline])

  return (
    <div class='message-list'>
      <div
        class='scroller' ref={scroller} tabIndex={0} role='group' aria-label={t.value.conversation.messagesOf(roomId)} data-region='messages'
        onKeyDown={onKeyDown} onFocusIn={onFocus}
      >
        <div class={numShown === 0 ? 'scroller-start is-alone' : 'scroller-start'}><HistoryLine roomId={roomId} /></div>
        {numShown === 0 && <EmptyRoom />}
        <Virtualizer
          ref={list} scrollRef={scroller} as='ol' item={ListItem} data={{ length: numShown }} shift={isAtStart} bufferSize={600}
          startMargin={historyLineHeight} keepMounted={activeIndex === undefined ? [] : [activeIndex]}
          onScroll={() => { keeper.scrolled(); look() }} onResize={() => { keeper.keep(); look() }}
        >
          {(_, index) => renderRow(timeline, roomId, index, firstNewKey)}
        </Virtualizer>
      </div>
      {isFarFromEnd.value && <JumpButton unread={room.value?.unread ?? 0} onClick={() => { keeper.goToEnd(); scroller.current?.focus() }} />}
    </div>
  )
}

function renderRow (timeline: Timeline, roomId: string, index: number, firstNewKey: number | undefined) {
  const key = timeline.keyOf(index)
  const message = messageAt(timeline, index)
  if (message === undefined) return <div key={key} class='row'><div class='skeleton' title={t.value.conversation.loading} /></div>
  const previous = index === 0 ? undefined : messageAt(timeline, index - 1)
  // Of a message before that is not in memory nothing is known; it comes soon.
  const isUnknown = index > 0 && previous === undefined
  const { startsDay, startsGroup } = isUnknown ? { startsDay: false, startsGroup: true } : placementOf(placed(message), previous && placed(previous))
  return <MessageRow key={key} rowKey={key} roomId={roomId} message={message} startsDay={startsDay} startsGroup={startsGroup} isFirstNew={key === firstNewKey} />
}

function messageAt (timeline: Timeline, index: number) {
  const row = timeline.row(index)
  if (row.kind === 'message') return row.message
  return row.kind === 'pending' ? row.pending : undefined
}

function placed (message: NonNullable<ReturnType<typeof messageAt>>): Placed {
  const { nick, isOwn } = standing(message)
  return { nick, isOwn, sentAt: message.sentAt }
}

function EmptyRoom () {
  const { empty, emptyHint } = t.value.conversation
  return <div class='empty-room'><p>{empty}</p><p class='hint'>{emptyHint}</p></div>
}
