import { limits } from '../../shared/ipc.js'
import { ChatFailure } from '../chat-failure.js'
import { cleanText } from '../chat-payload.js'

/** Checks what is to be said. @throws {ChatFailure} `CHAT_TEXT_EMPTY`, `CHAT_TEXT_TOO_LONG` */
export function checkText (text: string): string {
  const clean = cleanText(text).replace(/\s+$/u, '')
  if (clean.trim() === '') throw new ChatFailure('CHAT_TEXT_EMPTY', 'there is nothing to send', { max: limits.textLength })
  if (clean.length > limits.textLength) throw new ChatFailure('CHAT_TEXT_TOO_LONG', `a message has at most ${limits.textLength} characters`, { max: limits.textLength })
  return clean
}
