import { useState } from 'preact/hooks'
import { limits } from '../../../shared/ipc.js'
import { joinRoom } from '../../state/actions.js'
import { dialog } from '../../state/app-state.js'
import { ask } from '../../state/engine.js'
import { t } from '../../text/language.js'
import { Button } from '../base/button.js'
import { Field } from '../base/field.js'
import { Modal } from '../base/modal.js'
import { closeDialog } from './close-dialog.js'

/** Joins a room by its name or by an invite link. */
export function JoinDialog () {
  const [text, setText] = useState('')
  const [error, setError] = useState<string | undefined>(undefined)
  const [isBusy, setBusy] = useState(false)
  const { join, common } = t.value

  const submit = async (): Promise<void> => {
    const nameOrLink = text.trim()
    setBusy(true)
    // A link to another network wants to be asked about first.
    const invite = nameOrLink.includes('://') ? await ask('invites:read', { link: nameOrLink }) : undefined
    if (invite?.ok === true && !invite.value.isOwnNetwork) {
      dialog.value = { kind: 'invite', link: nameOrLink, invite: invite.value }
      return
    }
    setError(await joinRoom(nameOrLink))
    setBusy(false)
  }

  return (
    <Modal title={join.title} onClose={closeDialog}>
      <form class='dialog-form' noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
        <Field label={join.label} hint={join.hint} error={error}>
          {(control) => (
            <input
              {...control} data-autofocus class='large' value={text} maxLength={limits.linkLength} placeholder={join.placeholder} autoComplete='off' spellcheck={false}
              onInput={({ currentTarget }) => { setText(currentTarget.value); setError(undefined) }}
            />
          )}
        </Field>
        <div class='form-actions'>
          <Button onClick={closeDialog}>{common.cancel}</Button>
          <Button look='primary' type='submit' disabled={isBusy || text.trim() === ''}>{join.submit}</Button>
        </div>
      </form>
    </Modal>
  )
}
