import { isWakuError } from 'nwaku-desktop'
import type { ChatError, ChatErrorCode } from '../shared/ipc.js'

/** What the engine throws: an error that knows how it crosses to the window. */
export class ChatFailure extends Error {
  readonly code: ChatErrorCode
  readonly details: ChatError['details']

  constructor (code: ChatErrorCode, message: string, details: ChatError['details'] = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ChatFailure'
    this.code = code
    this.details = details
  }
}

/** Turns anything that was thrown into data. What is neither of this app nor of the package is a bug, `CHAT_INTERNAL`. */
export function toChatError (error: unknown): ChatError {
  if (error instanceof ChatFailure) return { code: error.code, message: error.message, details: error.details }
  if (isWakuError(error)) return { code: error.code, message: error.message, details: flatDetails(error.details) }
  return { code: 'CHAT_INTERNAL', message: error instanceof Error ? error.message : String(error), details: {} }
}

/** Keeps what is text, number or truth; the rest is written as JSON. */
export function flatDetails (details: object): ChatError['details'] {
  const entries = Object.entries(details).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([key, value]: [string, unknown]) => [key, isFlat(value) ? value : JSON.stringify(value, (_, each: unknown) => typeof each === 'bigint' ? each.toString() : each)]))
}

function isFlat (value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}
