import type { Connection, Libp2p } from '@libp2p/interface'
import type { NodeConfig } from '../../config.js'
import { reasonOf } from '../../errors.js'
import { protocolIds } from '../../peers.js'
import { parsePubsubTopic } from '../../topics.js'
import { decodeMetadata, encodeMetadata, type Metadata } from '../../wire/metadata.js'
import { requestOn, serve } from './framing.js'
import { TokenBucket } from './token-bucket.js'

/** The largest metadata message that is read, in bytes; nwaku's bound too. */
const maxMetadataBytes = 1024

/** How long a peer may take to answer, in milliseconds. */
const exchangeTimeoutMs = 10_000

/** How a peer fits: what it said, or why it is to be dropped: for its answer, or for giving none. */
export type Verdict =
  | { readonly fits: true, readonly shards?: readonly number[] | undefined }
  | { readonly fits: false, readonly answered: boolean, readonly reason: string }

/** The metadata protocol (LIP 66): peers tell each other cluster and shards right after connecting, and part when they have nothing in common. */
export class MetadataProtocol {
  readonly #config: NodeConfig
  readonly #pubsubTopics: () => readonly string[]
  readonly #bucket: TokenBucket
  // What peers told when they asked: one that then leaves, because it found first that this node does not fit, gives no answer.
  readonly #told = new WeakMap<Connection, Metadata>()

  constructor (config: NodeConfig, pubsubTopics: () => readonly string[]) {
    this.#config = config
    this.#pubsubTopics = pubsubTopics
    this.#bucket = new TokenBucket(config.rateLimits.metadata)
  }

  /** Answers what peers ask. */
  async mount (libp2p: Libp2p): Promise<void> {
    await libp2p.handle(protocolIds.metadata, async (stream, connection) => {
      await serve(stream, maxMetadataBytes, async (request) => {
        if (!this.#bucket.take()) return undefined
        this.#told.set(connection, decodeMetadata(request))
        return this.#own()
      })
    }, { runOnLimitedConnection: true })
  }

  /** Exchanges metadata on a new connection and judges the peer by nwaku's rules. */
  async exchange (connection: Connection, peerSpeaksRelay: () => Promise<boolean>): Promise<Verdict> {
    let theirs: Metadata | undefined
    try {
      theirs = decodeMetadata(await requestOn(connection, protocolIds.metadata, this.#own(), maxMetadataBytes, AbortSignal.timeout(exchangeTimeoutMs)))
    } catch (error) {
      // Not a Waku node, a circuit relay for example: of use all the same.
      if (error instanceof Error && error.name === 'UnsupportedProtocolError') return { fits: true }
      theirs = this.#told.get(connection)
      if (theirs === undefined) return { fits: false, answered: false, reason: `metadata exchange failed: ${reasonOf(error)}` }
    }
    if (theirs.clusterId !== this.#config.clusterId) {
      return { fits: false, answered: true, reason: `it is on cluster ${theirs.clusterId ?? 'none'}, and this node on ${this.#config.clusterId}` }
    }
    const ours = this.#ownShards()
    const disjoint = !theirs.shards.some((shardId) => ours.includes(shardId))
    if (this.#config.relay && disjoint && ours.length > 0 && await peerSpeaksRelay()) {
      return { fits: false, answered: true, reason: `it relays shards ${theirs.shards.join(', ') || 'none'}, and this node ${ours.join(', ')}` }
    }
    return { fits: true, shards: theirs.shards }
  }

  #own (): Uint8Array {
    return encodeMetadata({ clusterId: this.#config.clusterId, shards: this.#ownShards() })
  }

  #ownShards (): number[] {
    return this.#pubsubTopics().map((topic) => parsePubsubTopic(topic).shardId)
  }
}
