import { isPanelOpen, isSidebarOpen, settings } from '../state/app-state.js'
import { BrandMark } from './base/brand-mark.js'
import { LiveRegions } from './base/live-regions.js'
import { Toasts } from './base/toasts.js'
import { Conversation } from './conversation/conversation.js'
import { Dialogs } from './dialogs/dialogs.js'
import { NodePanel } from './panel/node-panel.js'
import { FirstRun } from './profile/first-run.js'
import { Sidebar } from './sidebar/sidebar.js'
import { useGlobalKeys } from './use-global-keys.js'

/** All that is in the window. */
export function App () {
  useGlobalKeys()
  return (
    <>
      {settings.value === undefined && <main class='splash' aria-busy='true'><BrandMark size={72} /></main>}
      {settings.value === null && <FirstRun />}
      {settings.value != null && (
        <div class='workspace' data-panel={isPanelOpen.value ? 'open' : 'closed'} data-sidebar={isSidebarOpen.value ? 'open' : 'closed'}>
          <Sidebar />
          <Conversation />
          {isPanelOpen.value && <NodePanel />}
        </div>
      )}
      <Dialogs />
      <Toasts />
      <LiveRegions />
    </>
  )
}
