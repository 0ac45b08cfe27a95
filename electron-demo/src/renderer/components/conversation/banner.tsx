import { CircleCheck, LoaderCircle, TriangleAlert, Users, WifiOff, type IconNode } from 'lucide'
import { dialog, isEngineThere, node } from '../../state/app-state.js'
import { ask } from '../../state/engine.js'
import { errorText } from '../../text/error-text.js'
import { t } from '../../text/language.js'
import type { NodeState } from '../../../shared/ipc.js'
import { Button } from '../base/button.js'
import { Icon } from '../base/icon.js'
import { useSettled } from './use-settled.js'

/** What a banner shows. */
interface Notice {
  readonly kind: string
  readonly tone: 'info' | 'warning' | 'error' | 'good'
  readonly icon: IconNode
  readonly text: string
  readonly action?: { readonly label: string, readonly run: () => void }
}

/** Phases that pass by quickly as a rule, and are not worth a banner then. */
const brief = new Set(['starting', 'connecting', 'switching', 'off'])

/** Says above the conversation when the node is not as it should be, and when it is again. */
export function Banner () {
  const phase = isEngineThere.value ? node.value?.phase ?? 'off' : 'engine-lost'
  const { shown, isBack } = useSettled(phase, (name) => brief.has(name) ? 1500 : 0)
  const notice = isBack ? goodNotice() : noticeOf(shown, node.value)
  if (notice === undefined) return null
  const { action } = notice
  const numPending = node.value?.numPending ?? 0
  return (
    <div class={`banner ${notice.tone}`} data-banner={notice.kind}>
      <Icon of={notice.icon} class={notice.icon === LoaderCircle ? 'spin' : ''} />
      <p>{notice.text}{numPending > 0 && notice.tone !== 'good' && <> {t.value.banner.pending(numPending)}</>}</p>
      {action !== undefined && <Button look='quiet' onClick={() => { action.run() }}>{action.label}</Button>}
    </div>
  )
}

/** Words how the node does; undefined when all is well. */
export function noticeOf (phase: string, state: NodeState | undefined): Notice | undefined {
  const { banner, phase: names } = t.value
  const spinning = (kind: string, text: string): Notice => ({ kind, tone: 'warning', icon: LoaderCircle, text })
  switch (phase) {
    case 'engine-lost': return spinning(phase, banner.engineLost)
    case 'starting': return { ...spinning(phase, banner.starting), tone: 'info' }
    case 'switching': return { ...spinning(phase, banner.switching), tone: 'info' }
    case 'restarting': return spinning(phase, banner.restarting)
    case 'unresponsive': return spinning(phase, banner.unresponsive)
    case 'connecting': return { kind: phase, tone: 'info', icon: Users, text: state?.isHost === true ? banner.connectingHost : banner.connecting }
    case 'offline': return state?.offlineBy === 'system'
      ? { kind: phase, tone: 'warning', icon: WifiOff, text: banner.offlineSystem }
      : { kind: phase, tone: 'warning', icon: WifiOff, text: banner.offlineUser, action: { label: banner.goOnline, run: () => { void ask('node:set-offline', { offline: false }) } } }
    case 'failed': return {
      kind: phase,
      tone: 'error',
      icon: TriangleAlert,
      text: banner.failed(state?.error == null ? names.failed : errorText(state.error, t.value)),
      action: { label: banner.openSettings, run: () => { dialog.value = { kind: 'settings' } } }
    }
    default: return undefined
  }
}

function goodNotice (): Notice {
  return { kind: 'online', tone: 'good', icon: CircleCheck, text: t.value.banner.backOnline }
}
