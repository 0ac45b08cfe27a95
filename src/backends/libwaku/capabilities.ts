import type { Capabilities } from '../../backend.js'
import type { NodeConfig } from '../../config.js'
import { invalidArgument, WakuError } from '../../errors.js'
import { libraryConfig } from './config.js'
import type { OpenLibrary } from './drivers/driver.js'

/** Tells what a node on the library can do. */
export function capabilitiesOf (config: NodeConfig, { generation }: Pick<OpenLibrary, 'generation'>): Capabilities {
  return {
    relay: config.relay,
    // Leaving a topic always fails in A: it looks for a subscription of the wrong kind.
    unsubscribe: generation !== 'A',
    // A reads the proof of a message, and loses it when it encodes it.
    proofs: generation !== 'A',
    protectedShards: true,
    storeClient: true,
    storeService: true,
    // The library dials even itself, which fails.
    ownStore: false,
    webSocket: true,
    ephemeralPort: true,
    restart: true,
    peerDetails: false,
    ownMetrics: false,
    reliability: generation !== 'C'
  }
}

/**
 * Checks that the library can do what the options ask for.
 *
 * @throws {WakuError} `WAKU_NOT_SUPPORTED`, `WAKU_INVALID_ARGUMENT`
 */
export function checkSupported (config: NodeConfig, { generation }: Pick<OpenLibrary, 'generation'>): void {
  const { clusterId, natTraversal: { circuitRelay, holePunching }, rateLimits: { metadata } } = config
  // These numbers stand for networks, and bring rate-limit proofs that stay off here, or settings that cannot be changed.
  if (clusterId === 1 && config.relay) throw notSupported('clusterId 1', 'relaying on The Waku Network needs rate-limit proofs')
  if (clusterId === 2 && generation !== 'A') throw notSupported('clusterId 2', 'this version takes it for a network of its makers, with their settings')
  if (circuitRelay !== holePunching) throw notSupported('natTraversal', 'circuitRelay and holePunching are one switch of the library')
  if (metadata?.volume !== 100 || metadata.periodMs !== 1000) throw notSupported('rateLimits.metadata', 'the library has no such limit')
  if (config.reliability && generation === 'C') throw notSupported('reliability', 'liblogosdelivery has no such option for a relay')
  if (config.reliability && config.storePeers.length === 0) throw invalidArgument('options.reliability', 'needs a store to check with, in storePeers')
  // Refuses texts that the library cannot read.
  libraryConfig(config, { tcpPort: 1, websocketPort: config.websocketPort, pubsubTopics: [], addresses: config.announceAddresses }, { generation })
}

function notSupported (capability: string, reason: string): WakuError<'WAKU_NOT_SUPPORTED'> {
  return new WakuError('WAKU_NOT_SUPPORTED', `libwaku does not support ${capability} as it is set: ${reason}`, { capability })
}
