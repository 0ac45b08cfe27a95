import { useState } from 'preact/hooks'
import { settings } from '../../state/app-state.js'
import { ask } from '../../state/engine.js'
import { showToast } from '../../state/toasts.js'
import { t } from '../../text/language.js'
import { Button } from '../base/button.js'
import { BackendChoice } from '../profile/backend-choice.js'
import { wordsOf } from '../profile/error-words.js'
import { draftOfNetwork, fieldErrorsOf, networkOfDraft, type FieldErrors } from '../profile/network-draft.js'
import { NetworkFields } from '../profile/network-fields.js'

/** Changes network and backend, together, because each change restarts the node. */
export function NetworkSettings () {
  const [network, setNetwork] = useState(() => draftOfNetwork(settings.peek()?.network ?? { kind: 'local' }))
  const [backend, setBackend] = useState(settings.peek()?.backend ?? 'auto')
  const [errors, setErrors] = useState<FieldErrors>({})
  const [isBusy, setBusy] = useState(false)
  const { settings: words, common } = t.value

  const submit = async (): Promise<void> => {
    const chosen = networkOfDraft(network)
    if (!('kind' in chosen)) {
      setErrors(chosen)
      return
    }
    setBusy(true)
    setErrors({})
    const result = await ask('settings:save', { network: chosen, backend })
    setBusy(false)
    if (!result.ok) {
      setErrors(fieldErrorsOf(result.error))
      return
    }
    settings.value = result.value
    showToast(words.saved)
  }

  return (
    <section>
      <h3>{words.network}</h3>
      <p class='hint'>{words.networkHint}</p>
      <form class='stack' noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
        <NetworkFields draft={network} errors={errors} onChange={setNetwork} />
        <BackendChoice value={backend} onChange={setBackend} />
        {errors.form !== undefined && <p class='error' role='alert'>{wordsOf(errors.form)}</p>}
        <div class='form-actions'><Button type='submit' disabled={isBusy}>{common.save}</Button></div>
      </form>
    </section>
  )
}
