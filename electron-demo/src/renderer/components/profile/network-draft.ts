import type { ChatError, InvalidReason, NetworkChoice } from '../../../shared/ipc.js'

/** A network as it is being typed. */
export interface NetworkDraft {
  readonly kind: NetworkChoice['kind']
  readonly clusterId: string
  readonly numShards: string
  /** One address a line. */
  readonly staticPeers: string
}

/** What is wrong with a profile, by the field it is shown at. */
export type FieldErrors = { readonly [K in 'nickname' | 'clusterId' | 'numShards' | 'staticPeers' | 'form']?: InvalidReason | ChatError }

/** Writes a network out for editing. What is not known is filled with what is usual. */
export function draftOfNetwork (network: NetworkChoice): NetworkDraft {
  const usual = { clusterId: '1', numShards: '8', staticPeers: '' }
  if (network.kind !== 'custom') return { kind: network.kind, ...usual }
  const { clusterId, numShards, staticPeers } = network
  return { kind: 'custom', clusterId: String(clusterId), numShards: String(numShards), staticPeers: staticPeers.join('\n') }
}

/** Reads what was typed. @returns the network, or what is wrong with it. */
export function networkOfDraft (draft: NetworkDraft): NetworkChoice | FieldErrors {
  if (draft.kind !== 'custom') return { kind: draft.kind }
  const clusterId = wholeNumber(draft.clusterId, 0, 65_535)
  const numShards = wholeNumber(draft.numShards, 1, 1024)
  if (clusterId === undefined) return { clusterId: 'cluster' }
  if (numShards === undefined) return { numShards: 'shards' }
  const staticPeers = draft.staticPeers.split(/\s+/).filter((address) => address !== '')
  if (staticPeers.some((address) => !/^\/.+\/p2p\/[A-Za-z0-9]+$/.test(address))) return { staticPeers: 'address' }
  return { kind: 'custom', clusterId, numShards, staticPeers }
}

/** Finds the field that an error of the engine is about. */
export function fieldErrorsOf (error: ChatError): FieldErrors {
  if (error.code === 'CHAT_INVALID_NICKNAME') return { nickname: error }
  if (error.code !== 'CHAT_INVALID_NETWORK') return { form: error }
  if (error.details.reason === 'cluster') return { clusterId: error }
  return error.details.reason === 'shards' ? { numShards: error } : { staticPeers: error }
}

function wholeNumber (text: string, least: number, most: number): number | undefined {
  const value = Number(text)
  return /^\d+$/.test(text.trim()) && value >= least && value <= most ? value : undefined
}
