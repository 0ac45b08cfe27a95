import { useState } from 'preact/hooks'
import { limits } from '../../../shared/ipc.js'
import { saveSettings } from '../../state/actions.js'
import { settings } from '../../state/app-state.js'
import { showToast } from '../../state/toasts.js'
import { t } from '../../text/language.js'
import { Button } from '../base/button.js'
import { Field } from '../base/field.js'

/** Changes the name under which one writes. */
export function NicknameSetting () {
  const [nickname, setNickname] = useState(settings.value?.nickname ?? '')
  const [error, setError] = useState<string | undefined>(undefined)
  const { profile, common, settings: words } = t.value
  const isChanged = nickname.trim() !== settings.value?.nickname
  const submit = async (): Promise<void> => {
    const failure = await saveSettings({ nickname: nickname.trim() })
    setError(failure)
    if (failure === undefined) showToast(words.saved)
  }
  return (
    <form class='inline-form' noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <Field label={profile.nickname} error={error}>
        {(control) => (
          <input
            {...control} value={nickname} maxLength={limits.nameLength} autoComplete='off' spellcheck={false}
            onInput={({ currentTarget }) => { setNickname(currentTarget.value); setError(undefined) }}
          />
        )}
      </Field>
      <Button type='submit' disabled={!isChanged}>{common.save}</Button>
    </form>
  )
}
