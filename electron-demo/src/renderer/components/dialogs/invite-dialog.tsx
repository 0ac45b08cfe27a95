import { useState } from 'preact/hooks'
import type { Invite, NetworkChoice } from '../../../shared/ipc.js'
import { joinRoom, saveSettings } from '../../state/actions.js'
import { t } from '../../text/language.js'
import { Button } from '../base/button.js'
import { Modal } from '../base/modal.js'
import { closeDialog } from './close-dialog.js'

interface InviteDialogProps {
  readonly link: string
  readonly invite: Invite
}

/** Asks whether to follow an invite link, which may come from anywhere. */
export function InviteDialog ({ link, invite }: InviteDialogProps) {
  const [error, setError] = useState<string | undefined>(undefined)
  const [isBusy, setBusy] = useState(false)
  const { join, common } = t.value
  const { roomId, nickname, network, isOwnNetwork } = invite

  const accept = async (): Promise<void> => {
    setBusy(true)
    const failure = isOwnNetwork ? undefined : await saveSettings({ network })
    setError(failure ?? await joinRoom(link))
    setBusy(false)
  }

  return (
    <Modal title={join.inviteTitle} onClose={closeDialog}>
      <div class='dialog-form'>
        <p>{join.inviteText(roomId, nickname)}</p>
        {!isOwnNetwork && <p class='notice warning'>{join.otherNetwork(networkName(network))}</p>}
        {error !== undefined && <p class='error' role='alert'>{error}</p>}
        <div class='form-actions'>
          <Button onClick={closeDialog}>{common.cancel}</Button>
          <Button look='primary' data-autofocus disabled={isBusy} onClick={() => { void accept() }}>{isOwnNetwork ? join.submit : join.switchAndJoin}</Button>
        </div>
      </div>
    </Modal>
  )
}

function networkName (network: NetworkChoice): string {
  const words = t.value.network
  return network.kind === 'custom' ? words.customOf(network.clusterId) : words[network.kind]
}
