import { dialog } from '../../state/app-state.js'
import { InviteDialog } from './invite-dialog.js'
import { JoinDialog } from './join-dialog.js'
import { LeaveDialog } from './leave-dialog.js'
import { SettingsDialog } from './settings-dialog.js'
import { ShortcutsDialog } from './shortcuts-dialog.js'

/** The dialog that is open, if one is. */
export function Dialogs () {
  const open = dialog.value
  switch (open?.kind) {
    case 'join': return <JoinDialog />
    case 'invite': return <InviteDialog key={open.link} {...open} />
    case 'leave': return <LeaveDialog roomId={open.roomId} />
    case 'settings': return <SettingsDialog />
    case 'shortcuts': return <ShortcutsDialog />
    case undefined: return null
  }
}
