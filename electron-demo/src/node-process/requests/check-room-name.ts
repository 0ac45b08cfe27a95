import { limits, roomNamePattern, type InvalidReason } from '../../shared/ipc.js'
import { ChatFailure } from '../chat-failure.js'

/** Checks a room's name, without a leading number sign. @throws {ChatFailure} `CHAT_INVALID_ROOM` */
export function checkRoomName (text: string): string {
  const name = text.trim().replace(/^#/, '').normalize('NFC')
  const invalid = (reason: InvalidReason): never => { throw new ChatFailure('CHAT_INVALID_ROOM', `this cannot be the name of a room: ${reason}`, { reason }) }
  if (name === '') return invalid('empty')
  if (name.length > limits.nameLength) return invalid('too-long')
  return roomNamePattern.test(name) ? name : invalid('characters')
}
