import { limits } from '../shared/ipc.js'

/** What is said in a room, as it travels: JSON, the same as the package's command line speaks, with an `id` more. */
export interface ChatPayload {
  readonly nick: string
  readonly text: string
  /** Chosen by the sender: a message that is sent a second time, with a fresh timestamp and hence another hash, is still the same one. Absent from the command line. */
  readonly id: string | null
}

// Controls but line ends and tabs, halves of surrogate pairs, and formats such as those that turn the direction of text;
// the two joiners stay, which some scripts and emoji need.
const unprintable = /(?![\n\t])\p{Cc}|\p{Cs}|(?![\u200c\u200d])\p{Cf}/gu

/** The content topic of a room, that of the package's command line: both can be in one room. */
export function contentTopicOf (roomId: string): string {
  return `/nwaku-desktop-chat/1/${roomId}/json`
}

/** Writes a message as payload. */
export function encodePayload (payload: ChatPayload): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(payload))
}

/** Reads what somebody sent; undefined when it is no message of a chat. Of a text that is too long the rest is left out. */
export function decodePayload (bytes: Uint8Array): ChatPayload | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof value !== 'object' || value === null || !('nick' in value) || !('text' in value)) return undefined
    if (typeof value.nick !== 'string' || typeof value.text !== 'string') return undefined
    const nick = cleanName(value.nick).slice(0, limits.nameLength)
    const text = cleanText(value.text).slice(0, limits.textLength)
    if (nick === '' || text.trim() === '') return undefined
    return { nick, text, id: 'id' in value && isId(value.id) ? value.id : null }
  } catch {
    return undefined
  }
}

/** Removes what does not belong into a name: everything unprintable, and more than one space in a row. */
export function cleanName (name: string): string {
  return name.replace(unprintable, '').replace(/\s+/gu, ' ').trim()
}

/** Removes what a text is not to hold; line ends stay. */
export function cleanText (text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(unprintable, '')
}

function isId (value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{8,64}$/.test(value)
}
