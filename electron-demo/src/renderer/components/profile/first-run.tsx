import { useEffect, useRef, useState } from 'preact/hooks'
import { limits, type BackendChoice as Backend } from '../../../shared/ipc.js'
import { settings, suggestedNickname } from '../../state/app-state.js'
import { ask } from '../../state/engine.js'
import { firstChoice, language, t, type Language } from '../../text/language.js'
import { BrandMark } from '../base/brand-mark.js'
import { Button } from '../base/button.js'
import { Choice } from '../base/choice.js'
import { Field } from '../base/field.js'
import { BackendChoice } from './backend-choice.js'
import { wordsOf } from './error-words.js'
import { draftOfNetwork, fieldErrorsOf, networkOfDraft, type FieldErrors, type NetworkDraft } from './network-draft.js'
import { NetworkFields } from './network-fields.js'

/** What is asked before the first room: a name, a network, and what the node is made of. */
export function FirstRun () {
  const [nickname, setNickname] = useState(suggestedNickname.value)
  const [network, setNetwork] = useState(draftOfNetwork({ kind: 'local' }))
  const [backend, setBackend] = useState<Backend>('auto')
  const [errors, setErrors] = useState<FieldErrors>({})
  const [isBusy, setBusy] = useState(false)
  const name = useRef<HTMLInputElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const { firstRun, profile } = t.value

  useEffect(() => { name.current?.select() }, [])
  useEffect(() => { form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus() }, [errors])

  const submit = async (): Promise<void> => {
    setBusy(true)
    setErrors({})
    setErrors(await begin(nickname.trim(), network, backend))
    setBusy(false)
  }

  return (
    <main class='first-run'>
      <form ref={form} class='first-run-card' noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
        <header>
          <BrandMark size={52} />
          <h1>{firstRun.title}</h1>
          <p class='lead'>{firstRun.intro}</p>
        </header>
        <Field label={profile.nickname} hint={profile.nicknameHint} error={wordsOf(errors.nickname)}>
          {(control) => (
            <input
              {...control} ref={name} class='large' maxLength={limits.nameLength} autoComplete='off' spellcheck={false} value={nickname}
              onInput={({ currentTarget }) => { setNickname(currentTarget.value) }}
            />
          )}
        </Field>
        <NetworkFields draft={network} errors={errors} onChange={setNetwork} />
        <details class='advanced'>
          <summary>{profile.advanced}</summary>
          <BackendChoice value={backend} onChange={setBackend} />
        </details>
        {errors.form !== undefined && <p class='error' role='alert'>{wordsOf(errors.form)}</p>}
        <div class='form-actions'>
          <Choice<Language>
            look='segments' label={firstRun.language} value={language.value} onChange={(value) => { firstChoice.value = value }}
            options={[{ value: 'en', label: 'English' }, { value: 'de', label: 'Deutsch' }]}
          />
          <Button look='primary' type='submit' class='large' disabled={isBusy}>{isBusy ? firstRun.starting : firstRun.start}</Button>
        </div>
      </form>
    </main>
  )
}

/** Makes the first settings, which shows the rooms. @returns what is wrong with them. */
async function begin (nickname: string, draft: NetworkDraft, backend: Backend): Promise<FieldErrors> {
  if (nickname === '') return { nickname: 'empty' }
  const network = networkOfDraft(draft)
  if (!('kind' in network)) return network
  const result = await ask('settings:save', { nickname, network, backend, language: firstChoice.peek(), theme: 'auto', notifications: true })
  if (!result.ok) return fieldErrorsOf(result.error)
  settings.value = result.value
  return {}
}
