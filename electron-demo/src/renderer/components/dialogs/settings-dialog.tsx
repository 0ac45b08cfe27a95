import { Keyboard } from 'lucide'
import { useState } from 'preact/hooks'
import type { Settings } from '../../../shared/ipc.js'
import { saveSettings } from '../../state/actions.js'
import { dialog, settings } from '../../state/app-state.js'
import { t } from '../../text/language.js'
import { Button } from '../base/button.js'
import { Choice } from '../base/choice.js'
import { Modal } from '../base/modal.js'
import { Switch } from '../base/switch.js'
import { closeDialog } from './close-dialog.js'
import { NetworkSettings } from './network-settings.js'
import { NicknameSetting } from './nickname-setting.js'

/** What can be changed at any time. Everything but name and network takes effect at once. */
export function SettingsDialog () {
  const [error, setError] = useState<string | undefined>(undefined)
  const chosen = settings.value
  if (chosen == null) return null
  const { settings: words } = t.value
  const { app } = window.chat
  const change = (changes: Partial<Settings>): void => { void saveSettings(changes).then(setError) }
  return (
    <Modal title={words.title} onClose={closeDialog} class='wide'>
      <div class='settings'>
        {error !== undefined && <p class='error' role='alert'>{error}</p>}
        <section>
          <h3>{words.you}</h3>
          <NicknameSetting />
          <Switch label={words.notifications} isOn={chosen.notifications} onChange={(notifications) => { change({ notifications }) }} />
        </section>
        <section>
          <h3>{words.appearance}</h3>
          <Choice
            look='segments' label={words.theme} value={chosen.theme} onChange={(theme) => { change({ theme }) }}
            options={[{ value: 'auto', label: words.themes.auto }, { value: 'light', label: words.themes.light }, { value: 'dark', label: words.themes.dark }]}
          />
          <Choice
            look='segments' label={words.language} value={chosen.language} onChange={(language) => { change({ language }) }}
            options={[{ value: 'auto', label: words.languages.auto }, { value: 'en', label: words.languages.en }, { value: 'de', label: words.languages.de }]}
          />
        </section>
        <NetworkSettings />
        <section class='about'>
          <h3>{words.about}</h3>
          <p class='hint'>{words.versions(app.version, app.electron, app.chromium)}</p>
          <Button icon={Keyboard} onClick={() => { dialog.value = { kind: 'shortcuts' } }}>{words.shortcuts}</Button>
        </section>
      </div>
    </Modal>
  )
}
