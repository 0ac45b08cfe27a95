import { effect } from '@preact/signals'
import { language, t } from '../text/language.js'
import { announce } from './announcer.js'
import { isEngineThere, node, numUnread, openRoomId, settings } from './app-state.js'

const darkSystem = window.matchMedia('(prefers-color-scheme: dark)')

/** Keeps in step with the state what is outside of the document: title, language, colours, the app's icon. */
export function followState (): void {
  effect(() => { document.documentElement.lang = language.value })
  effect(() => { document.title = titleOf() })
  effect(() => { void window.chat.setBadge(numUnread.value) })
  followTheme()
  followFocus()
  followPhase()
}

function titleOf (): string {
  const { profile } = window.chat.app
  const room = openRoomId.value
  const unread = numUnread.value
  const name = [room, t.value.appName, profile].filter((part) => part !== null && part !== '').join(' – ')
  return unread > 0 ? `(${unread}) ${name}` : name
}

function followTheme (): void {
  const show = (): void => {
    const chosen = settings.value?.theme ?? 'auto'
    document.documentElement.dataset.theme = chosen === 'auto' ? (darkSystem.matches ? 'dark' : 'light') : chosen
  }
  effect(show)
  darkSystem.addEventListener('change', show)
}

// A room that is looked at needs no notifications.
function followFocus (): void {
  const tell = (): void => {
    const room = openRoomId.value
    void window.chat.setFocusedRoom(document.hasFocus() ? room : null)
  }
  effect(tell)
  window.addEventListener('focus', tell)
  window.addEventListener('blur', tell)
}

function followPhase (): void {
  let last = ''
  effect(() => {
    const phase = isEngineThere.value ? node.value?.phase ?? 'off' : 'restarting'
    if (last !== '' && phase !== last) announce(t.peek().phase[phase])
    last = phase
  })
}
