import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { rooms } from '../../state/app-state.js'
import { timelineOf } from '../../state/timelines.js'
import { t } from '../../text/language.js'
import { HistoryLine, historyLineHeight } from './history-line.js'
import { JumpButton } from './jump-button.js'
import { ListItem } from './list-item.js'
import { renderRow } from './render-row.js'
import { ScrollKeeper } from './scroll-keeper.js'
import { useGrowth } from './use-growth.js'
import { useListKeys } from './use-list-keys.js'
import { useLook } from './use-look.js'
import { useNewSeparator } from './use-new-separator.js'

/** The messages of a room. Only those on screen are in the document, and only those around in memory. */
export function MessageList ({ roomId }: { readonly roomId: string }) {
  const timeline = useMemo(() => timelineOf(roomId), [roomId])
  const room = rooms.value.get(roomId)?.value
  const { numShown, isAtStart } = useGrowth(timeline)
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const [keeper] = useState(() => new ScrollKeeper(scroller))
  const firstNewKey = useNewSeparator(timeline, room)
  const { activeIndex, onKeyDown, onFocus } = useListKeys({ roomId, timeline, list, scroller, keeper, numShown })
  const { look, isFarFromEnd } = useLook({ timeline, room, list, keeper })

  useLayoutEffect(() => {
    const firstUnread = room?.firstUnreadIndex ?? null
    if (firstUnread === null) return
    keeper.release()
    list.current?.scrollToIndex(firstUnread, { align: 'start', offset: -64 })
  }, [])
  useLayoutEffect(() => { keeper.keep() })
  useLayoutEffect(() => keeper.watch(), [])

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
          onScroll={() => { keeper.scrolled(); look() }} onResize={look}
        >
          {(_, index) => renderRow(timeline, roomId, index, firstNewKey)}
        </Virtualizer>
      </div>
      {isFarFromEnd.value && <JumpButton unread={room?.unread ?? 0} onClick={() => { keeper.goToEnd(); scroller.current?.focus() }} />}
    </div>
  )
}

function EmptyRoom () {
  const { empty, emptyHint } = t.value.conversation
  return <div class='empty-room'><p>{empty}</p><p class='hint'>{emptyHint}</p></div>
}
