import type { ChatErrorCode, InvalidReason } from '../../shared/ipc.js'

type Details = Readonly<Record<string, string | number | boolean | null>>

/** Codes that have words of their own; all others are worded by `other`. */
export type WordedCode = Exclude<ChatErrorCode, `WAKU_${string}` | `CHAT_INVALID_${string}`>
  | 'WAKU_NO_PEERS' | 'WAKU_TIMEOUT' | 'WAKU_UNAVAILABLE' | 'WAKU_NOT_STARTED' | 'WAKU_STORE_FAILED'

/** How a language words errors. */
export interface ErrorWords {
  readonly byCode: Readonly<Record<WordedCode, (details: Details) => string>>
  /** For input that fails a check. */
  readonly byReason: Readonly<Record<InvalidReason, string>>
  readonly other: (code: string) => string
}

/** Errors in English. */
export const enErrors: ErrorWords = {
  byCode: {
    CHAT_BAD_REQUEST: () => 'The app asked for something that the engine does not know. That is a bug.',
    CHAT_OTHER_NETWORK: () => 'This link leads to another network than yours.',
    CHAT_TEXT_EMPTY: () => 'There is nothing to send.',
    CHAT_TEXT_TOO_LONG: ({ max }) => `A message has at most ${String(max)} characters.`,
    CHAT_NO_ROOM: () => 'That room is no longer here.',
    CHAT_NO_MESSAGE: () => 'That message is no longer here.',
    CHAT_NOT_SET_UP: () => 'Choose a name and a network first.',
    CHAT_NO_STORE: () => 'Nobody who is connected keeps history.',
    CHAT_DATABASE: () => 'The database on this computer failed.',
    CHAT_ENGINE_LOST: () => 'The chat engine stopped before it answered. Try again.',
    CHAT_REFUSED: () => 'The app refuses to do that.',
    CHAT_CANCELLED: () => 'Cancelled.',
    CHAT_INTERNAL: () => 'Something went wrong in the app. That is a bug.',
    WAKU_NO_PEERS: () => 'Nobody is connected who could take it.',
    WAKU_TIMEOUT: () => 'Nobody answered in time.',
    WAKU_UNAVAILABLE: () => 'The native library is not on this computer.',
    WAKU_NOT_STARTED: () => 'The node is not running.',
    WAKU_STORE_FAILED: () => 'The store answered with a failure.'
  },
  byReason: {
    'empty': 'Please fill this in.',
    'too-long': 'That is too long.',
    'characters': 'Some of these characters cannot be used here. Leave out spaces and slashes.',
    'cluster': 'A cluster is a number from 0 to 65535.',
    'shards': 'The number of shards is from 1 to 1024.',
    'address': 'Every line must be a multiaddr that ends in /p2p/ and a peer id.',
    'form': 'This is no invite link of this app, or a damaged one.'
  },
  other: (code) => `It did not work (${code}).`
}
