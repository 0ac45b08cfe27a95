import { gossipsub, StrictNoSign, type GossipSub, type GossipSubComponents } from '@libp2p/gossipsub'
import { createPeerScoreParams, createTopicScoreParams, type TopicScoreParams } from '@libp2p/gossipsub/score'
import type { PeerId, Stream } from '@libp2p/interface'
import type { NodeConfig } from '../../config.js'
import { protocolIds } from '../../peers.js'
import { sha256 } from '../../sha256.js'
import { BatchedStream } from './batched-stream.js'
import { graylistThreshold } from './router-guard.js'

/** Bytes that may wait for a peer that reads too slowly before its stream is given up. */
const maxOutboundBufferBytes = 16 * 1024 * 1024

/**
 * What a peer may send on its stream before it hears that more is welcome. More than a publisher has waiting for one peer: with yamux's
 * 256 KiB, a busy stream goes on in steps as small as what was last taken, and each step costs a frame, an encryption and a system call.
 */
const streamWindowBytes = 1024 * 1024

/** The parts of the router's inside that its interface lacks. */
interface GossipsubInside {
  streamsOutbound: PeerStreams
  getMeshPeers (topic: string): string[]
  readonly score: { readonly params: { readonly topics: Record<string, TopicScoreParams> } }
  sendRpcInBatch (peerIds: ReadonlySet<string>, rpc: unknown): void
  createInboundStream (peerId: PeerId, stream: Stream): void
}

/** Makes gossipsub as nwaku runs it: the Waku protocol id, no signatures, SHA-256 of the data as message id, nwaku's parameters. */
export function gossipsubForWaku (config: NodeConfig): (components: GossipSubComponents) => GossipSub {
  const make = gossipsub({
    fallbackToFloodsub: false,
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: ({ data }) => sha256(data),
    msgIdToStrFn: (id) => Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('latin1'),
    // The relay delivers a node's own messages itself, once they were sent.
    emitSelf: false,
    ...parameters,
    scoreParams: scoreParameters,
    scoreThresholds: { gossipThreshold: -100, publishThreshold: -1000, graylistThreshold },
    maxOutboundBufferSize: maxOutboundBufferBytes,
    // A peer behind a router is reached over a relay until hole punching has made a direct connection.
    runOnLimitedConnection: true,
    maxInboundDataLength: Math.max(1024 * 1024, 4 * config.maxMessageSizeBytes)
  })
  return (components) => {
    const router = make(components)
    // There is an option for it, which this version of gossipsub does not read.
    router.protocols = WakuProtocols.of(protocolIds.relay)
    const inside = router as unknown as GossipsubInside
    inside.streamsOutbound = new PeerStreams()
    // For each large message the router encodes an IDONTWANT first and finds out then that it is for nobody.
    const sendInBatch = inside.sendRpcInBatch.bind(router)
    inside.sendRpcInBatch = (peerIds, rpc) => { if (peerIds.size > 0) sendInBatch(peerIds, rpc) }
    const createInbound = inside.createInboundStream.bind(router)
    inside.createInboundStream = (peerId, stream) => {
      grantInLargeSteps(stream)
      createInbound(peerId, stream)
    }
    return router
  }
}

/** The inside of a stream of yamux, which other multiplexers lack. */
interface YamuxStream {
  recvWindow: number
  readonly recvWindowCapacity: number
  sendWindowUpdate (): void
}

// Not by yamux's option, which it takes for the peer's window too: one with the 256 KiB of the specification, as every other
// implementation has, would be sent more than it granted and end the connection. And granted when half is used up, not a frame for each.
function grantInLargeSteps (stream: Stream | (Stream & YamuxStream)): void {
  if (!('recvWindow' in stream)) return
  const grant = stream.sendWindowUpdate.bind(stream)
  stream.recvWindow = Math.max(stream.recvWindow, streamWindowBytes)
  grant()
  stream.sendWindowUpdate = () => { if (stream.recvWindowCapacity < stream.recvWindow / 2) grant() }
}

/** The streams on which the router sends, by base58 peer id. */
export function outboundStreams (router: GossipSub): ReadonlyMap<string, BatchedStream> {
  return (router as unknown as GossipsubInside).streamsOutbound
}

/** Joins a topic, and lets what peers do in it count. */
export function joinTopic (router: GossipSub, pubsubTopic: string): void {
  (router as unknown as GossipsubInside).score.params.topics[pubsubTopic] = topicScoreParameters
  router.subscribe(pubsubTopic)
}

/** The peers in the mesh of a topic, base58 peer ids. */
export function meshPeers (router: GossipSub, pubsubTopic: string): readonly string[] {
  return (router as unknown as GossipsubInside).getMeshPeers(pubsubTopic)
}

/** What the router takes its streams for. */
const versionId = '/meshsub/1.2.0'

/** The protocols that are mounted, and one more that counts as one of them: what {@link PeerStreams} says of streams. */
class WakuProtocols extends Array<string> {
  override includes (protocol: string): boolean {
    return protocol === versionId || super.includes(protocol)
  }
}

/**
 * Gives the router a {@link BatchedStream} for each stream it opens, and lets it take them for gossipsub 1.2. It decides by protocol
 * id what a peer understands, and takes an id that is not its own for version 1.0: pruned peers would be told no back-off and graft
 * again at once, and no IDONTWANT would be sent.
 */
class PeerStreams extends Map<string, BatchedStream> {
  override set (peerId: string, { rawStream }: { readonly rawStream: Stream }): this {
    const stream = new BatchedStream(versionId, rawStream)
    rawStream.addEventListener('close', () => {
      if (this.get(peerId) === stream) this.delete(peerId)
    }, { once: true })
    return super.set(peerId, stream)
  }
}

// nwaku's values; where they differ from LIP 29 or from js-gossipsub's defaults, peers expect nwaku's.
const parameters = {
  D: 6,
  Dlo: 4,
  Dhi: 8,
  Dscore: 6,
  Dout: 3,
  Dlazy: 6,
  heartbeatInterval: 1000,
  mcacheLength: 6,
  mcacheGossip: 3,
  fanoutTTL: 60_000,
  seenTTL: 120_000,
  pruneBackoff: 60_000,
  unsubcribeBackoff: 5000,
  floodPublish: true,
  gossipFactor: 0.25
}

// Of a topic when it is joined: of every shard that there may be, they would take a tenth of the time of a start.
const topicScoreParameters = createTopicScoreParams({
  topicWeight: 1,
  timeInMeshWeight: 0.01,
  timeInMeshQuantum: 1000,
  timeInMeshCap: 10,
  firstMessageDeliveriesWeight: 1,
  firstMessageDeliveriesDecay: 0.5,
  firstMessageDeliveriesCap: 10,
  meshMessageDeliveriesWeight: 0,
  meshFailurePenaltyWeight: 0,
  invalidMessageDeliveriesWeight: -100,
  invalidMessageDeliveriesDecay: 0.5
})

const scoreParameters = createPeerScoreParams({
  decayInterval: 12_000,
  decayToZero: 0.01,
  retainScore: 600_000,
  appSpecificScore: () => 0,
  appSpecificWeight: 0,
  IPColocationFactorWeight: -50,
  IPColocationFactorThreshold: 5,
  // nwaku counts by address and port, so that nodes on one machine never collide.
  IPColocationFactorWhitelist: new Set(['127.0.0.1', '::1']),
  behaviourPenaltyWeight: -10,
  behaviourPenaltyDecay: 0.986
})
