import { limits, roomNamePattern, type InvalidReason, type NetworkChoice } from '../shared/ipc.js'
import { cleanName } from './chat-payload.js'
import { ChatFailure } from './chat-failure.js'
import { checkNetwork } from './node/check-network.js'

/** What a link says, before it is compared with what this app does. */
export interface ParsedInvite {
  readonly roomId: string
  readonly network: NetworkChoice
  readonly nickname: string | null
}

/** How all links begin; main registers the scheme with the system. */
export const inviteScheme = 'nwaku-chat:'

/** Tells whether a text is meant as a link, so that it is not taken for a room's name. */
export function looksLikeLink (text: string): boolean {
  return /^[a-z][a-z\d+.-]*:/i.test(text.trim())
}

/** Writes the link with which others come into a room. */
export function writeInvite ({ roomId, network, nickname }: ParsedInvite): string {
  const parameters = new URLSearchParams({ room: roomId, network: network.kind })
  if (nickname !== null) parameters.set('from', nickname)
  if (network.kind === 'custom') {
    parameters.set('cluster', String(network.clusterId))
    parameters.set('shards', String(network.numShards))
    for (const peer of network.staticPeers) parameters.append('peer', peer)
  }
  return `${inviteScheme}//join?${parameters.toString()}`
}

/** Reads a link. @throws {ChatFailure} `CHAT_INVALID_LINK` */
export function readInvite (link: string): ParsedInvite {
  if (link.length > limits.linkLength) throw invalid('too-long')
  const url = parse(link.trim())
  if (url.protocol !== inviteScheme || url.host !== 'join') throw invalid('form')
  const room = url.searchParams.get('room') ?? ''
  if (!roomNamePattern.test(room)) throw invalid(room === '' ? 'empty' : 'characters')
  const from = cleanName(url.searchParams.get('from') ?? '').slice(0, limits.nameLength)
  return { roomId: room, network: networkOf(url.searchParams), nickname: from === '' ? null : from }
}

function parse (link: string): URL {
  try {
    return new URL(link)
  } catch (error) {
    throw invalid('form', error)
  }
}

function networkOf (parameters: URLSearchParams): NetworkChoice {
  const kind = parameters.get('network') ?? 'local'
  if (kind === 'local' || kind === 'public') return { kind }
  if (kind !== 'custom') throw invalid('form')
  try {
    return checkNetwork({ kind, clusterId: numberOf(parameters.get('cluster')), numShards: numberOf(parameters.get('shards')), staticPeers: parameters.getAll('peer') })
  } catch (error) {
    throw error instanceof ChatFailure ? invalid(error.details['reason'] as InvalidReason, error) : error
  }
}

function numberOf (text: string | null): number {
  return text !== null && /^\d{1,5}$/.test(text) ? Number(text) : NaN
}

function invalid (reason: InvalidReason, cause?: unknown): ChatFailure {
  return new ChatFailure('CHAT_INVALID_LINK', `no invite link: ${reason}`, { reason }, { cause })
}
