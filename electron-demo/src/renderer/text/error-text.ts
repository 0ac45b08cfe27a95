import type { ChatError, InvalidReason } from '../../shared/ipc.js'
import type { Dictionary } from './dictionary.js'
import type { WordedCode } from './en-errors.js'

/** Words an error for the user. */
export function errorText ({ code, details }: ChatError, { errors }: Dictionary): string {
  if (Object.hasOwn(errors.byCode, code)) return errors.byCode[code as WordedCode](details)
  const { reason } = details
  if (code.startsWith('CHAT_INVALID_') && typeof reason === 'string' && Object.hasOwn(errors.byReason, reason)) {
    return errors.byReason[reason as InvalidReason]
  }
  return errors.other(code)
}
