import { dialog } from '../../state/app-state.js'

/** Closes the dialog that is open. */
export function closeDialog (): void {
  dialog.value = null
}
