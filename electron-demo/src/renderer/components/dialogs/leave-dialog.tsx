import { leaveRoom } from '../../state/actions.js'
import { t } from '../../text/language.js'
import { Button } from '../base/button.js'
import { Modal } from '../base/modal.js'
import { closeDialog } from './close-dialog.js'

/** Asks before a room and its messages are removed from this computer. */
export function LeaveDialog ({ roomId }: { readonly roomId: string }) {
  const { rooms, common } = t.value
  return (
    <Modal title={rooms.leaveTitle(roomId)} onClose={closeDialog}>
      <div class='dialog-form'>
        <p>{rooms.leaveText}</p>
        <div class='form-actions'>
          <Button data-autofocus onClick={closeDialog}>{common.cancel}</Button>
          <Button look='danger' onClick={() => { closeDialog(); void leaveRoom(roomId) }}>{rooms.leaveConfirm}</Button>
        </div>
      </div>
    </Modal>
  )
}
