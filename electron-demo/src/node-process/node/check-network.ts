import { limits, type InvalidReason, type NetworkChoice } from '../../shared/ipc.js'
import { ChatFailure } from '../chat-failure.js'

const peerAddress = /^\/(?:ip4|ip6|dns|dns4|dns6)\/[^/\s]+\/tcp\/\d{1,5}(?:\/(?:ws|wss|tls\/ws))?\/p2p\/[1-9A-HJ-NP-Za-km-z]{40,64}$/

/** Checks what the user, or a link, says of a network. The package checks again; here the reason is one that can be worded. @throws {ChatFailure} `CHAT_INVALID_NETWORK` */
export function checkNetwork (network: NetworkChoice): NetworkChoice {
  if (network.kind !== 'custom') return { kind: network.kind }
  const { clusterId, numShards, staticPeers } = network
  if (!isBetween(clusterId, 0, 65535)) throw invalid('cluster')
  if (!isBetween(numShards, 1, 1024)) throw invalid('shards')
  if (staticPeers.length > limits.staticPeers) throw invalid('too-long')
  const trimmed = staticPeers.map((address) => address.trim()).filter((address) => address !== '')
  const wrong = trimmed.find((address) => !peerAddress.test(address))
  if (wrong !== undefined) throw invalid('address', wrong)
  return { kind: 'custom', clusterId, numShards, staticPeers: [...new Set(trimmed)] }
}

/** Tells whether two choices lead to the same messages; the peers by which one gets there do not matter. */
export function isSameNetwork (one: NetworkChoice, other: NetworkChoice): boolean {
  if (one.kind !== 'custom' || other.kind !== 'custom') return one.kind === other.kind
  return one.clusterId === other.clusterId && one.numShards === other.numShards
}

function isBetween (value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}

function invalid (reason: InvalidReason, value?: string): ChatFailure {
  return new ChatFailure('CHAT_INVALID_NETWORK', `the network cannot be joined: ${reason}`, value === undefined ? { reason } : { reason, value })
}
