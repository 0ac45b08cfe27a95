import type { ChatMessage } from '../../src/shared/ipc.js'

/** Makes a message of which only the id matters. */
export function messageWith (id: number, more: Partial<ChatMessage> = {}): ChatMessage {
  return { id, roomId: 'lobby', nick: 'Ann', text: `message ${id}`, sentAt: id * 1000, isOwn: false, state: 'received', error: null, messageHash: '0x', clientId: null, ...more }
}
