import { once } from 'node:events'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { identify, identifyPush } from '@libp2p/identify'
import { mplex } from '@libp2p/mplex'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { onTestFinished } from 'vitest'
import { protocolIds, type WakuNode } from 'nwaku-desktop'
import { chunk, chunksOf, framed, number } from './protobuf-bytes.js'
import { hangingYamux } from './hanging-muxer.js'
import { addressOf, clusterId, pubsubTopic, shardId } from './nodes.js'
import { until } from './until.js'

/** What a raw peer is like; by default one that fits: the tests' cluster and shard, TCP, yamux. */
export interface RawPeerOptions {
  /** Answers a metadata request with these bytes, unframed; `undefined` never answers. */
  readonly metadata?: ((request: Uint8Array) => Uint8Array | undefined) | undefined
  /** Further protocols, or other ways to speak relay and metadata. */
  readonly handlers?: Readonly<Record<string, (stream: Stream, connection: Connection) => void>>
  /** Whether it announces relay; true by default. */
  readonly relay?: boolean
  readonly transport?: 'tcp' | 'webSocket'
  readonly muxer?: 'yamux' | 'mplex'
  /** Loopback address to dial from and listen on. */
  readonly host?: string
}

/** A libp2p node that speaks Waku's protocols by hand: what it sends is what the test says, and it keeps what it gets. */
export class RawPeer {
  readonly libp2p: Libp2p
  /** Every relay RPC it received, without its length. */
  readonly rpcs: Uint8Array[] = []
  /** Every metadata request it received, without its length. */
  readonly metadataRequests: Uint8Array[] = []
  /** While true, streams that nodes open to it are left unanswered. */
  hangs = false
  #relayStream: Stream | undefined
  #isSentTo = false

  private constructor (libp2p: Libp2p) {
    this.libp2p = libp2p
  }

  /** Makes and starts a peer, which is stopped when the test ends. */
  static async start (options: RawPeerOptions = {}): Promise<RawPeer> {
    const { transport = 'tcp', muxer = 'yamux', relay = true, host = '127.0.0.1', handlers = {} } = options
    const peer: RawPeer = new RawPeer(await createLibp2p({
      addresses: { listen: [`/ip4/${host}/tcp/0${transport === 'webSocket' ? '/ws' : ''}`] },
      transports: [transport === 'tcp' ? tcp() : webSockets()],
      connectionEncrypters: [noise()],
      streamMuxers: [muxer === 'yamux' ? hangingYamux(() => peer.hangs) : mplex()],
      services: { identify: identify(), identifyPush: identifyPush(), ping: ping() },
      connectionManager: { reconnectRetries: 0 }
    }))
    const { libp2p } = peer
    const answer = 'metadata' in options ? options.metadata : () => fittingMetadata
    const own: NonNullable<RawPeerOptions['handlers']> = {
      [protocolIds.metadata]: (stream) => {
        collectFrames(stream, (request) => {
          peer.metadataRequests.push(request)
          const response = answer?.(request)
          if (response !== undefined) send(stream, framed(response))
        })
      },
      ...(relay && { [protocolIds.relay]: (stream: Stream) => collectFrames(stream, (rpc) => peer.rpcs.push(rpc)) })
    }
    for (const [protocol, handler] of Object.entries({ ...own, ...handlers })) {
      await libp2p.handle(protocol, (stream, connection) => {
        if (protocol === protocolIds.relay) peer.#isSentTo = true
        handler(stream, connection)
      })
    }
    onTestFinished(async () => await libp2p.stop())
    return peer
  }

  /** Makes a peer that is in a node's mesh. */
  static async joined (node: WakuNode): Promise<RawPeer> {
    const peer = await RawPeer.start()
    await peer.join(node)
    return peer
  }

  get peerId (): string {
    return this.libp2p.peerId.toString()
  }

  /** Where it listens, with its peer id. */
  get address (): string {
    const [address] = this.libp2p.getMultiaddrs()
    if (address === undefined) throw new Error('the peer listens nowhere')
    return address.toString()
  }

  /** Dials a node. */
  async dial (node: WakuNode): Promise<Connection> {
    return await this.libp2p.dial(multiaddr(await addressOf(node)))
  }

  /** Dials a node, subscribes to the tests' topic, and waits until the node has this peer in its mesh. */
  async join (node: WakuNode, topic = pubsubTopic): Promise<void> {
    await this.dial(node)
    // The node grafts at once who subscribes when its own stream is open, and at the next heartbeat who does before.
    await until(() => { if (!this.#isSentTo) throw new Error('the node opened no stream') })
    await this.subscribe(node, topic)
    await until(async () => {
      if (!(await node.getPeersInMesh(topic)).includes(this.peerId)) throw new Error('not in the mesh')
    })
  }

  async subscribe (node: WakuNode, topic = pubsubTopic): Promise<void> {
    await this.sendRpc(node, chunk(1, Buffer.concat([number(1, 1), chunk(2, topic)])))
  }

  /** Opens a stream to a node to which it is connected. */
  async open (node: WakuNode, protocol: string): Promise<Stream> {
    return await this.connectionTo(node).newStream(protocol)
  }

  /** Sends one RPC on the relay stream to a node, of which there is one. */
  async sendRpc (node: WakuNode, rpc: Uint8Array): Promise<void> {
    send(await this.relayStream(node), framed(rpc))
  }

  /** The stream on which it speaks relay to a node. */
  async relayStream (node: WakuNode): Promise<Stream> {
    if (this.#relayStream?.status !== 'open') this.#relayStream = await this.open(node, protocolIds.relay)
    return this.#relayStream
  }

  /** Messages that came by relay: the bytes of each `publish` entry. */
  get published (): Uint8Array[] {
    return this.rpcs.flatMap((rpc) => chunksOf(rpc, 2))
  }

  isConnectedTo (node: WakuNode): boolean {
    return this.libp2p.getConnections().some((connection) => connection.remotePeer.toString() === node.peerId && connection.status === 'open')
  }

  connectionTo (node: WakuNode): Connection {
    const connection = this.libp2p.getConnections().find((each) => each.remotePeer.toString() === node.peerId && each.status === 'open')
    if (connection === undefined) throw new Error('not connected')
    return connection
  }

  /** Sends bytes on a new stream, reads what comes back until the node is done, and closes the stream. */
  async exchange (node: WakuNode, protocol: string, bytes: Uint8Array): Promise<Uint8Array> {
    const stream = await this.open(node, protocol)
    const read = readAll(stream)
    send(stream, bytes)
    const answer = await read
    await stream.close()
    return answer
  }
}

/** The metadata of a peer that fits the nodes of the tests. */
export const fittingMetadata = Buffer.concat([number(1, clusterId), number(2, shardId)])

/** Writes one message of an RPC, as it must be: topic and data, nothing else. */
export function publishRpc (data: Uint8Array, topic = pubsubTopic, ...further: Uint8Array[]): Uint8Array {
  return chunk(2, Buffer.concat([chunk(2, data), chunk(4, topic), ...further]))
}

let numMessages = 0

/** Encodes a message by hand that no other test sends, padded to about a size in bytes. */
export function encodedMessage (contentTopic: string, { size = 0, meta = '', timestamp = BigInt(Date.now()) * 1_000_000n }: { size?: number, meta?: string | Uint8Array, timestamp?: bigint } = {}): Uint8Array {
  const payload = Buffer.concat([Buffer.from(`message ${++numMessages}`), Buffer.alloc(size)])
  return Buffer.concat([chunk(1, payload), chunk(2, contentTopic), number(3, 0), number(10, timestamp * 2n), chunk(11, meta), chunk(21, ''), number(31, 0)])
}

/** Sends bytes on a stream, whatever state it is in: a hostile peer does not care. */
export function send (stream: Stream, bytes: Uint8Array): void {
  try {
    stream.send(bytes)
  } catch {}
}

/** Sends bytes and waits while the other side cannot take more. @returns false once the stream is gone. */
export async function sendSlowly (stream: Stream, bytes: Uint8Array): Promise<boolean> {
  try {
    if (!stream.send(bytes)) await Promise.race([onceEvent(stream, 'drain'), onceEvent(stream, 'close')])
    return stream.status === 'open'
  } catch {
    return false
  }
}

/** Calls back with each length-prefixed message of a stream. */
export function collectFrames (stream: Stream, received: (message: Uint8Array) => void): void {
  let pending: Uint8Array = new Uint8Array()
  stream.addEventListener('message', ({ data }) => {
    pending = Buffer.concat([pending, data.subarray()])
    for (let frame = firstFrame(pending); frame !== undefined; frame = firstFrame(pending)) {
      pending = pending.subarray(frame.end)
      received(frame.message)
    }
  })
}

function firstFrame (bytes: Uint8Array): { message: Uint8Array, end: number } | undefined {
  let length = 0
  for (let at = 0; at < Math.min(bytes.byteLength, 5); at++) {
    const byte = bytes[at] as number
    length += (byte & 127) * 2 ** (7 * at)
    if (byte >= 128) continue
    const start = at + 1
    return bytes.byteLength < start + length ? undefined : { message: bytes.subarray(start, start + length), end: start + length }
  }
  return undefined
}

/** Reads all that comes on a stream until the other side closes or resets it. */
export async function readAll (stream: Stream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  stream.addEventListener('message', ({ data }) => chunks.push(data.subarray()))
  // What is buffered is given out in a microtask, before which the stream may be closed already.
  if (stream.status === 'open' && stream.remoteWriteStatus !== 'closed') await Promise.race([onceEvent(stream, 'remoteCloseWrite'), onceEvent(stream, 'close')])
  else await Promise.resolve()
  return Buffer.concat(chunks)
}

/** Waits until a stream is gone, from whichever side. */
export async function untilClosed (stream: Stream): Promise<void> {
  if (stream.status === 'open') await onceEvent(stream, 'close')
}

async function onceEvent (stream: Stream, event: 'drain' | 'close' | 'remoteCloseWrite'): Promise<void> {
  await once(stream, event)
}

/** Removes the length before a message. */
export function unframed (bytes: Uint8Array): Uint8Array {
  const frame = firstFrame(bytes)
  if (frame === undefined) throw new Error(`${bytes.byteLength} bytes are not a whole message`)
  return frame.message
}
