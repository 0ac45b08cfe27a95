import { useEffect } from 'preact/hooks'
import { dialog, isPanelOpen, isSidebarOpen, settings } from '../state/app-state.js'
import { openNextUnread, openRoomBeside } from '../state/navigation.js'
import { shortcutOf } from './shortcuts.js'

const actions: Readonly<Record<NonNullable<ReturnType<typeof shortcutOf>>, (event: KeyboardEvent) => void>> = {
  join: () => { dialog.value = { kind: 'join' } },
  find: () => {
    isSidebarOpen.value = true
    document.getElementById('room-filter')?.focus()
  },
  nextRoom: () => { openRoomBeside(1) },
  previousRoom: () => { openRoomBeside(-1) },
  nextUnread: () => { openNextUnread() },
  panel: () => { isPanelOpen.value = !isPanelOpen.peek() },
  settings: () => { dialog.value = { kind: 'settings' } },
  help: () => { dialog.value = { kind: 'shortcuts' } },
  regions: (event) => { goToRegion(event.shiftKey ? -1 : 1) }
}

/** Makes the keys work that do the same everywhere in the window. */
export function useGlobalKeys (): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (settings.peek() == null || event.defaultPrevented || dialog.peek() !== null) return
      const action = shortcutOf(event)
      if (action !== undefined) {
        event.preventDefault()
        actions[action](event)
      } else if (event.key === 'Escape') {
        escape()
      }
    }
    window.addEventListener('keydown', onKeyDown)
    return () => { window.removeEventListener('keydown', onKeyDown) }
  }, [])
}

function escape (): void {
  const isInPanel = document.activeElement?.closest('.node-panel') != null
  if (isSidebarOpen.peek()) isSidebarOpen.value = false
  if (isInPanel) isPanelOpen.value = false
  document.getElementById('composer')?.focus()
}

/** Moves the focus to the next part of the window: rooms, messages, composer, panel. */
function goToRegion (step: 1 | -1): void {
  const regions = ['rooms', 'messages', 'composer', 'panel'].flatMap((name) => [...document.querySelectorAll<HTMLElement>(`[data-region=${name}]`)])
  if (regions.length === 0) return
  const current = regions.findIndex((region) => region.contains(document.activeElement))
  const region = regions[(current + step + regions.length) % regions.length]
  const target = region?.tabIndex === 0 ? region : region?.querySelector<HTMLElement>('[aria-current=page], textarea, [role=tab][aria-selected=true], input, button')
  target?.focus()
}
