import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Virtualizer, type VirtualizerHandle } from 'virtua'

/** A line of a log. */
export interface LogEntry {
  readonly id: number
  readonly tone: string
  readonly content: ComponentChildren
}

interface LogViewProps {
  readonly label: string
  readonly entries: readonly LogEntry[]
  /** What is shown when there is nothing. */
  readonly empty: string
}

/** A long list of lines, the newest last, which stays at its end while somebody is there. */
export function LogView ({ label, entries, empty }: LogViewProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const isAtEnd = useRef(true)
  const keep = (): void => {
    if (isAtEnd.current && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight
  }
  useLayoutEffect(keep)
  const onScroll = (): void => {
    const element = scroller.current
    if (element !== null) isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 24
  }
  return (
    <div class='log' ref={scroller} tabIndex={0} role='group' aria-label={label}>
      {entries.length === 0 && <p class='hint'>{empty}</p>}
      <Virtualizer ref={list} scrollRef={scroller} data={entries} onScroll={onScroll} onResize={keep}>
        {({ id, tone, content }) => <div key={id} class={`log-line tone-${tone}`}>{content}</div>}
      </Virtualizer>
    </div>
  )
}
