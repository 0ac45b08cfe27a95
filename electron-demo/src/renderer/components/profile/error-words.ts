import type { ChatError, InvalidReason } from '../../../shared/ipc.js'
import { errorText } from '../../text/error-text.js'
import { t } from '../../text/language.js'

/** Words what is wrong with a field, in the language on screen; undefined when nothing is. */
export function wordsOf (error: InvalidReason | ChatError | undefined): string | undefined {
  if (error === undefined) return undefined
  return typeof error === 'string' ? t.value.errors.byReason[error] : errorText(error, t.value)
}
