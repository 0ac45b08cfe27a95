import type { StoredMessage } from 'nwaku-desktop'
import { messageHash } from 'nwaku-desktop'
import { decodePayload } from '../chat-payload.js'
import type { Incoming } from '../rooms/room-book.js'

/** Reads a message, live or out of a store, as one of a room; undefined when it is none, or when a store lies about its hash. */
export function readIncoming ({ message, pubsubTopic, messageHash: hash }: StoredMessage, roomId: string): Incoming | undefined {
  if (message === undefined || pubsubTopic === undefined || messageHash(pubsubTopic, message) !== hash) return undefined
  const payload = decodePayload(message.payload)
  if (payload === undefined) return undefined
  const sentAtUs = Number(message.timestamp / 1000n)
  if (!Number.isSafeInteger(sentAtUs) || sentAtUs <= 0) return undefined
  return { roomId, sentAtUs, hash, uid: payload.id, nick: payload.nick, text: payload.text }
}
