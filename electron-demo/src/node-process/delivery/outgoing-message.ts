import { messageHash } from 'nwaku-desktop'
import { contentTopicOf, encodePayload } from '../chat-payload.js'
import { pubsubTopicOf, type Sharding } from '../node/network-options.js'

/** What goes into a message of this app. */
export interface OutgoingText {
  readonly roomId: string
  readonly nick: string
  readonly text: string
  readonly uid: string
  /** Microseconds since the Unix epoch. */
  readonly sentAtUs: number
}

const noMeta = new Uint8Array()

/** Makes a message as it is published, and its hash, which is known before it is published. */
export function outgoingMessage ({ roomId, nick, text, uid, sentAtUs }: OutgoingText, sharding: Sharding) {
  const contentTopic = contentTopicOf(roomId)
  const message = { contentTopic, payload: encodePayload({ nick, text, id: uid }), timestamp: BigInt(sentAtUs) * 1000n }
  return { message, hash: messageHash(pubsubTopicOf(sharding, contentTopic), { ...message, meta: noMeta }) }
}
