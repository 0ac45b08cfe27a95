import type { Signal } from '@preact/signals'
import { Activity, Link, LogOut, MailOpen, Menu as MenuIcon, UserPlus } from 'lucide'
import type { Room } from '../../../shared/ipc.js'
import { copyInvite } from '../../state/actions.js'
import { dialog, isPanelOpen, isSidebarOpen } from '../../state/app-state.js'
import { ask } from '../../state/engine.js'
import { t } from '../../text/language.js'
import { IconButton } from '../base/button.js'
import { Menu } from '../base/menu.js'
import { shortcutText } from '../shortcuts.js'

/** The name of the open room and what can be done with it. */
export function ConversationHeader ({ room }: { readonly room: Signal<Room> | undefined }) {
  const { rooms, panel, conversation, appName } = t.value
  const id = room?.value.id
  return (
    <header class='conversation-header'>
      <IconButton icon={MenuIcon} label={rooms.title} class='sidebar-toggle' aria-expanded={isSidebarOpen.value} onClick={() => { isSidebarOpen.value = !isSidebarOpen.peek() }} />
      <div class='conversation-title'>
        <h1 dir='auto'>{id ?? appName}</h1>
        {room !== undefined && <p title={room.value.contentTopic}>{conversation.numMessages(room.value.count)}</p>}
      </div>
      {id !== undefined && (
        <>
          <IconButton icon={UserPlus} label={rooms.invite} onClick={() => { void copyInvite(id) }} />
          <Menu
            label={rooms.menu(id)}
            items={[
              { label: rooms.invite, icon: Link, onChoose: () => { void copyInvite(id) } },
              { label: rooms.markRead, icon: MailOpen, onChoose: () => { void ask('rooms:mark-read', { roomId: id, upToIndex: Math.max(0, (room?.peek().count ?? 1) - 1) }) } },
              { label: rooms.leave, icon: LogOut, isDangerous: true, onChoose: () => { dialog.value = { kind: 'leave', roomId: id } } }
            ]}
          />
        </>
      )}
      <IconButton
        icon={Activity} label={panel.open} keys={shortcutText('panel')} class={isPanelOpen.value ? 'pressed' : ''} aria-pressed={isPanelOpen.value}
        onClick={() => { isPanelOpen.value = !isPanelOpen.peek() }}
      />
    </header>
  )
}
