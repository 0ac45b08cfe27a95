import { noise } from '@libp2p/noise'
import { mplex } from '@libp2p/mplex'
import { webSockets } from '@libp2p/websockets'
import { identify, identifyPush } from '@libp2p/identify'
import { ping, type Ping } from '@libp2p/ping'
import { createLibp2p, type ServiceFactoryMap } from 'libp2p'
import type { GossipSub } from '@libp2p/gossipsub'
import type { Libp2p } from '@libp2p/interface'
import type { Datastore } from 'interface-datastore'
import type { NodeConfig } from '../../config.js'
import { privateKeyOfNode } from '../../identity.js'
import { corkedTcp } from './corked-tcp.js'
import { gossipsubForWaku } from './gossipsub.js'
import { narrowYamux } from './narrow-yamux.js'

/** What the other parts of this backend use of libp2p's services. */
export interface Services extends Record<string, unknown> {
  readonly ping: Ping
  /** Absent with `relay: false`. */
  readonly gossipsub?: GossipSub
}

/** Pings at once on a connection, each way. libp2p's default of one refuses a ping while another ends. */
const maxPings = 32

/** Connections that a single host may open in a second. libp2p's default of 5 turns away users behind one router. */
const maxInboundConnectionsPerSecondAndHost = 50

/** Streams that a peer may open before this node is done with its own side of the connection. Beyond libp2p's default of 10 it would end. */
const maxEarlyStreams = 128

/**
 * Streams that a peer may open in a second over mplex, and messages that it may send to streams which are reset already, before its
 * connection ends. libp2p's default of 5 is what a light node of js-waku opens when it connects.
 */
const maxMplexStreamsPerSecond = 250

// Apart from its use, because mplex does take the first one but does not declare it.
const mplexOptions = { maxEarlyStreams, disconnectThreshold: maxMplexStreamsPerSecond }

/** How often a connection is tried, and how long it may take to answer, before it counts as dead, in milliseconds. */
const pingIntervalMs = 15_000
const pingTimeoutMs = 20_000

/** Makes a libp2p node that is not started: TCP and WebSocket, Noise, yamux before mplex, and what NAT traversal needs. */
export async function makeLibp2p (config: NodeConfig, datastore: Datastore): Promise<Libp2p<Services>> {
  const { natTraversal } = config
  return await createLibp2p<Services>({
    start: false,
    privateKey: privateKeyOfNode(config),
    nodeInfo: { userAgent: config.agent },
    datastore,
    addresses: {
      listen: [...listenAddresses(config), ...(natTraversal.circuitRelay ? ['/p2p-circuit'] : [])],
      ...(config.announceAddresses.length > 0 && { announce: [...config.announceAddresses] })
    },
    transports: [corkedTcp(), webSockets(), ...(natTraversal.circuitRelay || natTraversal.holePunching ? [(await import('@libp2p/circuit-relay-v2')).circuitRelayTransport()] : [])],
    connectionEncrypters: [noise()],
    // mplex for the light nodes of js-waku, which speak nothing else.
    streamMuxers: [narrowYamux({ maxEarlyStreams }), mplex(mplexOptions)],
    connectionManager: {
      maxConnections: config.maxConnections,
      inboundConnectionThreshold: maxInboundConnectionsPerSecondAndHost,
      maxIncomingPendingConnections: maxInboundConnectionsPerSecondAndHost,
      // The peer keeper reconnects, with its own back-off.
      reconnectRetries: 0
    },
    // A ping waits behind messages on the same connection, and libp2p's default of 5 s would end one that is only busy.
    connectionMonitor: { pingInterval: pingIntervalMs, pingTimeout: { minTimeout: pingTimeoutMs } },
    services: await services(config)
  })
}

/** The multiaddrs on which a node is to listen itself, without those that it reserves on others. */
export function listenAddresses (config: NodeConfig): string[] {
  const ip = config.host.includes(':') ? `/ip6/${config.host}` : `/ip4/${config.host}`
  return [`${ip}/tcp/${config.port}`, ...(config.websocketPort === undefined ? [] : [`${ip}/tcp/${config.websocketPort}/ws`])]
}

// What NAT traversal needs is loaded when it is wanted: a node on the loopback interface wants none of it, and UPnP brings an XML reader.
async function services (config: NodeConfig): Promise<ServiceFactoryMap<Services>> {
  const { natTraversal } = config
  const optional = {
    ...(config.relay && { gossipsub: gossipsubForWaku(config) }),
    ...(natTraversal.autonat && { autonat: (await import('@libp2p/autonat')).autoNAT() }),
    ...(natTraversal.holePunching && { dcutr: (await import('@libp2p/dcutr')).dcutr() }),
    // Without AutoNAT, nobody but it can confirm the address.
    ...(natTraversal.upnp && { upnp: (await import('@libp2p/upnp-nat')).uPnPNAT({ autoConfirmAddress: !natTraversal.autonat }) })
  }
  return { identify: identify(), identifyPush: identifyPush(), ping: ping({ maxInboundStreams: maxPings, maxOutboundStreams: maxPings }), ...optional }
}
