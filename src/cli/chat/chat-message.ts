import { printable } from '../printable.js'
import { maxNameLength } from '../options.js'

/** What is said in a room. Its payload is JSON with these two keys, UTF-8. */
export interface ChatMessage {
  readonly nick: string
  readonly text: string
}

/** The longest text of one message, in characters; of a longer one from others the rest is not shown. */
export const maxTextLength = 4000

/** Writes a message as payload. */
export function encodeChatMessage ({ nick, text }: ChatMessage): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ nick, text }))
}

/** Reads what somebody sent, fit for a terminal; undefined when it is no message of a chat. */
export function decodeChatMessage (payload: Uint8Array): ChatMessage | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    if (typeof value !== 'object' || value === null || !('nick' in value) || !('text' in value)) return undefined
    if (typeof value.nick !== 'string' || typeof value.text !== 'string') return undefined
    const nick = printable(value.nick).trim().slice(0, maxNameLength)
    const text = printable(value.text).slice(0, maxTextLength)
    return nick === '' || text === '' ? undefined : { nick, text }
  } catch {
    return undefined
  }
}
