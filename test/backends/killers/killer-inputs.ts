import { lifeInputs, messageInputs, peerInputs } from './calls.js'
import type { KillerInput } from './killer-input.js'
import { optionInputs } from './options.js'

/** By what they are about. */
export const killerInputGroups: Readonly<Record<string, readonly KillerInput[]>> = {
  'options': optionInputs,
  'messages': messageInputs,
  'queries and peers': peerInputs,
  'calls at the wrong time': lifeInputs
}

export const killerInputs: readonly KillerInput[] = Object.values(killerInputGroups).flat()
