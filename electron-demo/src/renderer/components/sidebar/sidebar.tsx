import { Plus, Search, Settings } from 'lucide'
import { useState } from 'preact/hooks'
import { dialog, roomIds, rooms, settings } from '../../state/app-state.js'
import { openRoomNamed } from '../../state/navigation.js'
import { t } from '../../text/language.js'
import { Avatar } from '../base/avatar.js'
import { IconButton } from '../base/button.js'
import { Icon } from '../base/icon.js'
import { shortcutText } from '../shortcuts.js'
import { NodeStatus } from './node-status.js'
import { RoomLine } from './room-line.js'

/** The rooms, and the person whose they are. */
export function Sidebar () {
  const [filter, setFilter] = useState('')
  const wanted = filter.trim().toLocaleLowerCase()
  const ids = roomIds.value.filter((id) => id.toLocaleLowerCase().includes(wanted))
  const { rooms: words, settings: { open } } = t.value
  return (
    <nav class='sidebar' aria-label={words.title} data-region='rooms' onKeyDown={onArrow}>
      <header class='sidebar-header'>
        <h2>{words.title}</h2>
        <IconButton icon={Plus} label={words.join} keys={shortcutText('join')} onClick={() => { dialog.value = { kind: 'join' } }} />
      </header>
      <div class='filter'>
        <Icon of={Search} size={15} />
        <input
          type='search' id='room-filter' aria-label={words.filter} placeholder={words.filter} value={filter} spellcheck={false}
          onInput={({ currentTarget }) => { setFilter(currentTarget.value) }}
          onKeyDown={(event) => {
            const [first] = ids
            if (event.key !== 'Enter' || first === undefined) return
            // The key would go on into the composer.
            event.preventDefault()
            setFilter('')
            openRoomNamed(first)
          }}
        />
      </div>
      <ul class='room-list' hidden={ids.length === 0}>
        {ids.map((id) => {
          const room = rooms.value.get(id)
          return room === undefined ? null : <RoomLine key={id} room={room} />
        })}
      </ul>
      {ids.length === 0 && <p class='sidebar-empty'>{roomIds.value.length === 0 ? words.empty : words.noMatch}</p>}
      <footer class='profile'>
        <Avatar nick={settings.value?.nickname ?? '?'} />
        <div class='profile-text'>
          <span class='profile-name'>{settings.value?.nickname}</span>
          <NodeStatus />
        </div>
        <IconButton icon={Settings} label={open} keys={shortcutText('settings')} onClick={() => { dialog.value = { kind: 'settings' } }} />
      </footer>
    </nav>
  )
}

// Up and down go through the list from wherever the focus is in it.
function onArrow (event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined || event.altKey || !(event.currentTarget instanceof HTMLElement)) return
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('.room-line')]
  const index = lines.indexOf(document.activeElement as HTMLElement)
  const isInFilter = document.activeElement?.id === 'room-filter'
  if (index === -1 && !isInFilter) return
  event.preventDefault()
  const next = index + step
  if (next < 0) document.getElementById('room-filter')?.focus()
  else lines[next]?.focus()
}
