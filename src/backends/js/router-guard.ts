import type { GossipSub } from '@libp2p/gossipsub'
import type { Connection, PeerId, Stream, StreamCloseEvent } from '@libp2p/interface'
import type { Logger } from '../../options.js'
import { reasonOf } from '../../errors.js'

/*
 * gossipsub believes its peers more than a node on an open network may. What it lacks is put in here, around the methods
 * and maps of its instance, because it has no hooks for it.
 */

/** A peer below this score is not listened to any more (nwaku disconnects it). */
export const graylistThreshold = -10_000

/** The most message ids that are remembered. At the most messages a second that a node takes, less than their two minutes. */
const maxSeenMessages = 500_000

/** The most records by which scores tell first deliveries from later ones, two minutes' worth too unless there are more. */
const maxDeliveryRecords = 100_000

/** What one of the six windows of messages kept for peers that ask for them may hold, before the next begins: a heartbeat's worth is not bounded. */
const maxWindowBytes = 8 * 1024 * 1024
const maxWindowMessages = 10_000

/** A stream that lived this long, in milliseconds, is opened again as soon as it is lost. */
const reopenAtOnceAfterMs = 1000

interface RpcMessage {
  readonly from?: Uint8Array | undefined
  readonly data?: Uint8Array | undefined
  key?: Uint8Array | undefined
  readonly topic: string
}

interface Rpc {
  messages: RpcMessage[]
}

interface TimeCache {
  readonly entries: Map<string, unknown>
}

/** The part of the router's inside that is guarded. */
interface Inside {
  readonly subscriptions: ReadonlySet<string>
  readonly peers: ReadonlyMap<string, PeerId>
  readonly streamsOutbound: Map<string, { readonly rawStream: Stream }>
  readonly outboundInflightQueue: { push (entry: { peerId: PeerId, connection: Connection }): void }
  readonly components: { readonly connectionManager: { getConnections (peerId: PeerId): Connection[] } }
  readonly seenCache: TimeCache
  readonly publishedMessageIds: TimeCache
  readonly score: {
    score (peerId: string): number
    readonly deliveryRecords: { readonly records: Map<string, unknown>, readonly queue: { shift (): { readonly msgId: string } | undefined } }
  }
  readonly mcache: { put (id: unknown, message: RpcMessage, validated?: boolean): boolean, shift (): void }
  decodeRpc (bytes: Uint8Array): Rpc
  handleReceivedRpc (from: PeerId, rpc: Rpc): Promise<void>
  pipePeerReadStream (peerId: PeerId, frames: AsyncIterable<{ subarray (): Uint8Array }>): Promise<void>
  createOutboundStream (peerId: PeerId, connection: Connection): Promise<void>
}

/** Makes a router hold its own against hostile, slow and silent peers. @param dropPeer - closes the connections to a peer. */
export function guardRouter (router: GossipSub, logger: Logger, dropPeer: (peerId: string, reason: string) => void): void {
  const inside = router as unknown as Inside
  openStreamsSideBySide(inside, dropPeer)
  dropPeersThatSendGarbage(inside, logger, dropPeer)
  takeOnlyUnsignedMessagesOfOwnTopics(inside)
  boundMessageCache(inside)
  router.addEventListener('gossipsub:heartbeat', () => {
    trim(inside)
    for (const peerId of inside.peers.keys()) {
      if (inside.score.score(peerId) < graylistThreshold) dropPeer(peerId, 'its messages are not valid')
      else reopenStream(inside, peerId)
    }
  })
}

// The router opens its streams one after the other: a single peer that never answers would hold up all that come after it.
function openStreamsSideBySide (inside: Inside, dropPeer: (peerId: string, reason: string) => void): void {
  const opening = new Set<string>()
  const open = inside.createOutboundStream.bind(inside)
  inside.createOutboundStream = async (peerId, connection) => {
    const id = peerId.toString()
    if (opening.has(id) || inside.streamsOutbound.has(id)) return
    opening.add(id)
    void open(peerId, connection).finally(() => {
      opening.delete(id)
      const stream = inside.streamsOutbound.get(id)?.rawStream
      if (stream === undefined) return
      // It was lost while it was opened, and the router would take it for one to the peer that is back on another connection.
      if (stream.status !== 'open' || connection.status !== 'open') {
        inside.streamsOutbound.delete(id)
        if (connection.status !== 'open') reopenStream(inside, id)
        return
      }
      const openedAt = performance.now()
      stream.addEventListener('close', ({ error }: StreamCloseEvent) => {
        if (error?.name === 'StreamBufferError') dropPeer(id, 'too slow: too much waits for it')
        // Not at once for a peer that resets each new one; the heartbeat will.
        else if (performance.now() - openedAt > reopenAtOnceAfterMs) setImmediate(() => reopenStream(inside, id))
      })
    })
  }
}

// A stream may be lost without its connection: with a relayed connection that a direct one has replaced, or because the peer reset it.
function reopenStream (inside: Inside, peerId: string): void {
  const id = inside.peers.get(peerId)
  if (id === undefined || inside.streamsOutbound.has(peerId)) return
  const connection = inside.components.connectionManager.getConnections(id).find(({ status }) => status === 'open')
  if (connection !== undefined) inside.outboundInflightQueue.push({ peerId: id, connection })
}

// The router logs what it cannot decode and reads on, for as long as the peer likes; and it forgets a peer whose stream ends with an error.
function dropPeersThatSendGarbage (inside: Inside, logger: Logger, dropPeer: (peerId: string, reason: string) => void): void {
  inside.pipePeerReadStream = async (peerId, frames) => {
    try {
      for await (const frame of frames) {
        const rpc = decode(inside, frame.subarray())
        if (rpc === undefined) {
          dropPeer(peerId.toString(), 'it sent an RPC that cannot be decoded')
          return
        }
        inside.handleReceivedRpc(peerId, rpc).catch((error: unknown) => logger.debug('an RPC failed', { reason: reasonOf(error) }))
      }
    } catch (error) {
      if (error instanceof Error && /^Invalid(Data|Message)Length/.test(error.name)) dropPeer(peerId.toString(), `it sent an RPC that is too long: ${error.message}`)
      else logger.debug('a relay stream ended', { peerId: peerId.toString(), reason: reasonOf(error) })
    }
  }
}

function decode (inside: Inside, bytes: Uint8Array): Rpc | undefined {
  try {
    return inside.decodeRpc(bytes)
  } catch {
    return undefined
  }
}

// Messages of topics that the node has not joined have no validator, and would be kept and counted without bound. And an author alone
// passes the router, but not those to whom it would pass the message on: they would hold this node to be hostile.
function takeOnlyUnsignedMessagesOfOwnTopics (inside: Inside): void {
  const handle = inside.handleReceivedRpc.bind(inside)
  inside.handleReceivedRpc = async (from, rpc) => {
    rpc.messages = rpc.messages.filter(({ topic }) => inside.subscriptions.has(topic))
    for (const message of rpc.messages) {
      if ((message.from?.byteLength ?? 0) > 0) message.key ??= message.from
    }
    await handle(from, rpc)
  }
}

function boundMessageCache (inside: Inside): void {
  const put = inside.mcache.put.bind(inside.mcache)
  let numBytes = 0
  let numMessages = 0
  inside.mcache.put = (id, message, validated) => {
    numBytes += message.data?.byteLength ?? 0
    if (numBytes > maxWindowBytes || ++numMessages > maxWindowMessages) {
      numBytes = 0
      numMessages = 0
      inside.mcache.shift()
    }
    return put(id, message, validated)
  }
}

function trim ({ seenCache, publishedMessageIds, score: { deliveryRecords } }: Inside): void {
  for (const { entries } of [seenCache, publishedMessageIds]) {
    for (const id of entries.keys()) {
      if (entries.size <= maxSeenMessages) break
      entries.delete(id)
    }
  }
  while (deliveryRecords.records.size > maxDeliveryRecords) {
    const oldest = deliveryRecords.queue.shift()
    if (oldest === undefined) break
    deliveryRecords.records.delete(oldest.msgId)
  }
}
