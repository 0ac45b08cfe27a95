import { isEngineThere, isPanelOpen, node } from '../../state/app-state.js'
import { t } from '../../text/language.js'

/** How the node does, in a word; opens the node panel. */
export function NodeStatus () {
  const phase = isEngineThere.value ? node.value?.phase ?? 'off' : 'restarting'
  const numPeers = node.value?.peers.filter(({ isConnected }) => isConnected).length ?? 0
  return (
    <button type='button' class='node-status' aria-expanded={isPanelOpen.value} onClick={() => { isPanelOpen.value = !isPanelOpen.peek() }}>
      <span class={`dot ${phase}`} aria-hidden='true' />
      {t.value.phase[phase]}
      {phase === 'online' && <span class='muted' aria-hidden='true'> · {numPeers}</span>}
      <span class='visually-hidden'>, {t.value.panel.open}</span>
    </button>
  )
}
