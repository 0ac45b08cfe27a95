import type { Dictionary } from '../text/dictionary.js'

type Action = 'join' | 'find' | 'nextRoom' | 'previousRoom' | 'nextUnread' | 'panel' | 'settings' | 'help' | 'regions'

interface Shortcut {
  /** The key as the browser names it. */
  readonly key: string
  readonly mod?: boolean
  readonly alt?: boolean
  readonly shift?: boolean
}

const isMac = window.chat.app.platform === 'darwin'

/** Keys that work everywhere in the window. `mod` is Command on a Mac and Ctrl elsewhere. */
export const shortcuts: Readonly<Record<Action, Shortcut>> = {
  join: { key: 'n', mod: true },
  find: { key: 'k', mod: true },
  nextRoom: { key: 'ArrowDown', alt: true },
  previousRoom: { key: 'ArrowUp', alt: true },
  nextUnread: { key: 'ArrowDown', alt: true, shift: true },
  panel: { key: 'i', mod: true },
  settings: { key: ',', mod: true },
  help: { key: '/', mod: true },
  regions: { key: 'F6' }
}

/** Which shortcut an event is, if any. */
export function shortcutOf (event: KeyboardEvent): Action | undefined {
  const mod = isMac ? event.metaKey : event.ctrlKey
  const other = isMac ? event.ctrlKey : event.metaKey
  for (const [action, { key, mod: needsMod = false, alt = false, shift = false }] of Object.entries(shortcuts)) {
    const isSlash = key === '/' && event.key === '/'
    if (event.key.toLowerCase() !== key.toLowerCase() || other || mod !== needsMod || event.altKey !== alt) continue
    // On some keyboards the slash needs Shift, and F6 goes backwards with it.
    if (isSlash || key === 'F6' || event.shiftKey === shift) return action as Action
  }
  return undefined
}

const keyNames: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑' }

/** Writes a shortcut as it stands on the keys: `Ctrl+N`, `⌘N`. */
export function shortcutText (action: Action): string {
  const { key, mod = false, alt = false, shift = false } = shortcuts[action]
  const name = keyNames[key] ?? key.toUpperCase()
  if (isMac) return `${alt ? '⌥' : ''}${shift ? '⇧' : ''}${mod ? '⌘' : ''}${name}`
  return [mod && 'Ctrl', alt && 'Alt', shift && 'Shift', name].filter((part) => part !== false).join('+')
}

/** All shortcuts with what they do, by where they work. */
export function shortcutList ({ shortcuts: words }: Dictionary): ReadonlyArray<{ readonly title: string, readonly lines: ReadonlyArray<readonly [keys: string, about: string]> }> {
  const general = (Object.keys(shortcuts) as Action[]).map((action) => [shortcutText(action), words[action]] as const)
  return [
    { title: words.general, lines: [...general, ['Esc', words.escape]] },
    { title: words.writing, lines: [['Enter', words.send], ['Shift+Enter', words.newLine]] },
    { title: words.list, lines: [['↑ ↓', words.move], ['Home, End', words.ends], ['C', words.copy], ['R', words.retry]] }
  ]
}
