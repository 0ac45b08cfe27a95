import { signal } from '@preact/signals'
import { X } from 'lucide'
import { useEffect } from 'preact/hooks'
import { isEngineThere, isPanelOpen, node } from '../../state/app-state.js'
import { ask } from '../../state/engine.js'
import { t } from '../../text/language.js'
import { IconButton } from '../base/button.js'
import { Tabs } from '../base/tabs.js'
import { shortcutText } from '../shortcuts.js'
import { EventLog } from './event-log.js'
import { NodeLog } from './node-log.js'
import { Overview } from './overview.js'
import { Peers } from './peers.js'
import { Trouble } from './trouble.js'

const tabs = { overview: Overview, peers: Peers, events: EventLog, log: NodeLog, trouble: Trouble }

/** The tab that was open last stays so while the app runs. */
const active = signal<keyof typeof tabs>('overview')

/** What the node does: everything it tells, and switches to make trouble with. */
export function NodePanel () {
  const { panel } = t.value
  const isThere = isEngineThere.value
  useEffect(() => {
    if (!isThere) return
    void ask('node:watch', { watch: true }).then((result) => { if (result.ok) node.value = result.value })
    return () => { void ask('node:watch', { watch: false }) }
  }, [isThere])
  const Tab = tabs[active.value]
  return (
    <aside class='node-panel' aria-label={panel.title} data-region='panel'>
      <header class='panel-header'>
        <h2>{panel.title}</h2>
        <IconButton icon={X} label={t.value.common.close} keys={shortcutText('panel')} onClick={() => { isPanelOpen.value = false }} />
      </header>
      <Tabs label={panel.title} tabs={panel.tabs} active={active.value} onChoose={(key) => { active.value = key }}><Tab /></Tabs>
    </aside>
  )
}
