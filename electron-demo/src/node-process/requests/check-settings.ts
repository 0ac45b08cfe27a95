import { limits, type InvalidReason, type Settings } from '../../shared/ipc.js'
import { ChatFailure } from '../chat-failure.js'
import { cleanName } from '../chat-payload.js'
import { checkNetwork } from '../node/check-network.js'

/** What is chosen for whoever does not choose. */
const defaults = { theme: 'auto', language: 'auto', notifications: true } as const

/**
 * Applies changes to the settings, or makes the first ones.
 *
 * @throws {ChatFailure} `CHAT_INVALID_NICKNAME`, `CHAT_INVALID_NETWORK`, `CHAT_NOT_SET_UP`
 */
export function checkSettings (before: Settings | null, changes: Partial<Settings>): Settings {
  const { nickname, network, backend, ...rest } = { ...defaults, ...before, ...changes }
  if (nickname === undefined || network === undefined || backend === undefined) {
    throw new ChatFailure('CHAT_NOT_SET_UP', 'nickname, network and backend are to be chosen first')
  }
  return { ...rest, nickname: checkNickname(nickname), network: checkNetwork(network), backend }
}

function checkNickname (nickname: string): string {
  const name = cleanName(nickname)
  const invalid = (reason: InvalidReason): never => { throw new ChatFailure('CHAT_INVALID_NICKNAME', 'a nickname has 1 to 32 characters', { reason }) }
  if (name === '') return invalid('empty')
  return name.length > limits.nameLength ? invalid('too-long') : name
}
