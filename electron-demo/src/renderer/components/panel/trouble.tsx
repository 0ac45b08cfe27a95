import { Download, Pause, Skull, Zap } from 'lucide'
import { useState } from 'preact/hooks'
import type { Result } from '../../../shared/ipc.js'
import { node, settings } from '../../state/app-state.js'
import { ask } from '../../state/engine.js'
import { showToast } from '../../state/toasts.js'
import { errorText } from '../../text/error-text.js'
import { t } from '../../text/language.js'
import { Button } from '../base/button.js'
import { Switch } from '../base/switch.js'
import { BackendChoice } from '../profile/backend-choice.js'
import { Act } from './act.js'

const stallSeconds = [5, 15, 30, 60] as const

/** Switches to make trouble with, and what helps to find out about trouble. */
export function Trouble () {
  const [seconds, setSeconds] = useState<number>(15)
  const [isBusy, setBusy] = useState(false)
  const { trouble } = t.value
  const run = async <T,>(action: Promise<Result<T>>, notice: (value: T) => string = () => trouble.done): Promise<void> => {
    setBusy(true)
    const result = await action
    setBusy(false)
    if (result.ok) showToast(notice(result.value))
    else if (result.error.code !== 'CHAT_CANCELLED') showToast(errorText(result.error, t.peek()), 'error')
  }
  return (
    <div class='trouble'>
      <p class='panel-lead'>{trouble.intro}</p>
      <section>
        <BackendChoice look='segments' value={settings.value?.backend ?? 'auto'} disabled={isBusy} onChange={(backend) => { void run(ask('node:switch-backend', { backend })) }} />
        <p class='hint'>{trouble.backendHint}</p>
      </section>
      <Switch label={trouble.offline} hint={trouble.offlineHint} isOn={node.value?.offlineBy === 'user'} disabled={isBusy} onChange={(offline) => { void run(ask('node:set-offline', { offline })) }} />
      <Act hint={trouble.killHint}>
        <Button look='danger' icon={Skull} disabled={isBusy} onClick={() => { void run(ask('node:kill', null)) }}>{trouble.kill}</Button>
      </Act>
      <Act hint={trouble.stallHint}>
        <Button look='danger' icon={Pause} disabled={isBusy} onClick={() => { void run(ask('node:stall', { durationMs: seconds * 1000 })) }}>{trouble.stall}</Button>
        <select aria-label={trouble.duration} value={seconds} onChange={({ currentTarget }) => { setSeconds(Number(currentTarget.value)) }}>
          {stallSeconds.map((choice) => <option key={choice} value={choice}>{trouble.seconds(choice)}</option>)}
        </select>
      </Act>
      <Act hint={trouble.killEngineHint}>
        <Button look='danger' icon={Zap} disabled={isBusy} onClick={() => { void run(window.chat.killEngine()) }}>{trouble.killEngine}</Button>
      </Act>
      <h3>{trouble.diagnostics}</h3>
      <Act hint={trouble.diagnosticsHint}>
        <Button icon={Download} disabled={isBusy} onClick={() => { void run(window.chat.exportDiagnostics(), ({ path }) => trouble.exported(path)) }}>{trouble.exportDiagnostics}</Button>
      </Act>
    </div>
  )
}
