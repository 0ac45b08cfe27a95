import type { Deadline } from '../../deadline.js'
import { WakuError } from '../../errors.js'
import type { MessageHash, WakuMessage } from '../../message.js'
import type { AnswerListener, Argument, CallOptions, DriverContext, Reply, TextParts } from './drivers/driver.js'
import { readText } from './drivers/read-text.js'
import { readPeerIds } from './peer-ids.js'

/** What the library knows of a connected peer. */
export interface ConnectedPeer {
  /** Multiaddrs without the peer id; the one in use comes first. */
  readonly addresses: readonly string[]
  readonly protocols: readonly string[]
}

/** The library takes a time for dialling and ignores it; for queries C ends them by it. In milliseconds. */
const libraryTimeoutMs = 120_000

/** How long answers that need no peer may take, in milliseconds; the library's thread may be at something long. */
const localTimeoutMs = 30_000

/** The functions of the library that the backend calls, each with what goes in and what comes out. */
export class LibraryNode {
  readonly #context: DriverContext

  constructor (context: DriverContext) {
    this.#context = context
  }

  async start (signal: AbortSignal): Promise<void> { await this.#ask('waku_start', [], { signal }) }
  async stop (timeoutMs: number): Promise<void> { await this.#ask('waku_stop', [], { timeoutMs }) }

  async subscribe (pubsubTopic: string): Promise<void> { await this.#ask('waku_relay_subscribe', [pubsubTopic]) }
  async unsubscribe (pubsubTopic: string): Promise<void> { await this.#ask('waku_relay_unsubscribe', [pubsubTopic]) }

  /**
   * Hands a message to the network.
   *
   * @param repeated - its hash, if the library is to repeat it and the event of that to be left out.
   * @param deadline - gives it up for as long as the library has not got it.
   * @param listener - reads the answer by {@link readPublished}. Without a promise: each would cost every message.
   */
  publish (pubsubTopic: string, message: WakuMessage, repeated: MessageHash | undefined, deadline: Deadline, listener: AnswerListener): void {
    this.#context.begin('waku_relay_publish', [pubsubTopic, messageText(message), 0], { repeated, deadline }, listener)
  }

  /** Says which peers take what is published, as {@link DriverContext.setPeers} has it. */
  async setPeers (addresses: readonly string[]): Promise<void> { await this.#context.setPeers(addresses) }

  async numPeersInMesh (pubsubTopic: string): Promise<number> { return Number(await this.#ask('waku_relay_get_num_peers_in_mesh', [pubsubTopic])) }
  async peersInMesh (pubsubTopic: string): Promise<string[]> { return readPeerIds(await this.#ask('waku_relay_get_peers_in_mesh', [pubsubTopic])) }

  /** Base58 ids of connected peers that are known to take a topic's messages. */
  async peersOnTopic (pubsubTopic: string): Promise<string[]> {
    const reply = await this.#context.call('waku_relay_get_connected_peers', [pubsubTopic], { timeoutMs: localTimeoutMs })
    // For a topic that no peer is on it is an error.
    return reply.code === 0 ? readPeerIds(readText(reply, 'waku_relay_get_connected_peers')) : []
  }

  /** Resolves, with nothing, whether it could connect or not. */
  async connect (address: string, signal: AbortSignal): Promise<void> { await this.#ask('waku_connect', [address, libraryTimeoutMs], { signal }) }
  async disconnect (peerId: string): Promise<void> { await this.#ask('waku_disconnect_peer_by_id', [peerId]) }

  /** Opens a stream to a peer, and then measures a round trip on it. @returns milliseconds. */
  async ping (address: string, options: CallOptions): Promise<number> {
    return Number(await this.#ask('waku_ping_peer', [address, libraryTimeoutMs], options)) / 1e6
  }

  /** By peer id. */
  async connectedPeers (): Promise<ReadonlyMap<string, ConnectedPeer>> {
    const peers = parse(await this.#ask('waku_get_connected_peers_info'), 'waku_get_connected_peers_info') as Record<string, Partial<ConnectedPeer>>
    return new Map(Object.entries(peers).map(([peerId, { addresses = [], protocols = [] }]) => [peerId, { addresses: [...new Set(addresses)], protocols }]))
  }

  async connectedPeerIds (): Promise<string[]> { return readPeerIds(await this.#ask('waku_get_connected_peers')) }
  async knownPeerIds (): Promise<string[]> { return readPeerIds(await this.#ask('waku_get_peerids_from_peerstore')) }

  /** Resolves with the answer as it came, to be read by `readStorePage`. */
  async queryStore (query: string, address: string, signal: AbortSignal): Promise<Reply> {
    return await this.#context.call('waku_store_query', [query, address, libraryTimeoutMs], { signal })
  }

  async version (): Promise<string> { return (await this.#ask('waku_version')).replace(/^version \/ git commit hash: */, '') }
  async announcedAddresses (): Promise<string[]> { return (await this.#ask('waku_listen_addresses')).split(',').filter((address) => address !== '') }
  async metrics (): Promise<string> { return await this.#ask('waku_get_metrics') }

  /** Destroys the node in the background, which takes up to some 11 s, and meanwhile keeps no process alive. */
  destroy (): void {
    // Begun all the same, but nobody waits.
    this.#context.destroy({ signal: AbortSignal.abort() }).catch(() => {})
  }

  async #ask (name: string, args: readonly Argument[] = [], options: CallOptions = { timeoutMs: localTimeoutMs }): Promise<string> {
    return readText(await this.#reply(name, args, options), name)
  }

  async #reply (name: string, args: readonly Argument[], options: CallOptions): Promise<Reply> {
    const reply = await this.#context.call(name, args, options)
    if (reply.code === 0) return reply
    const text = failureText(reply, name)
    // The watchdog can leave the line to the library's thread one acknowledgement behind; the next request finds it in order.
    if (!text.startsWith("Couldn't send a request to the")) throw libraryError(name, text)
    const again = await this.#context.call(name, args, options)
    if (again.code !== 0) throw libraryError(name, failureText(again, name))
    return again
  }
}

/** Reads why a call failed, without what the layers of the library put before it. */
export function failureText (reply: Reply, operation: string): string {
  return readText(reply, operation)
    .replace(/^(?:libwaku error|ffi error): /, '')
    .replace(/^handleRes fireSyncRes error: /, '')
    .replace(/^error in sendRequestToFFIThread: /, '')
}

/** Makes the error for a failure that has no code of its own. */
export function libraryError (operation: string, libraryMessage: string): WakuError<'WAKU_LIBRARY_ERROR'> {
  return new WakuError('WAKU_LIBRARY_ERROR', `libwaku: ${operation}: ${libraryMessage}`, { operation, libraryMessage })
}

function parse (text: string, operation: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new WakuError('WAKU_MALFORMED_REPLY', `the library's answer to ${operation} is not JSON`, { operation }, { cause: error })
  }
}

/**
 * Reads the answer to a message that was handed over.
 *
 * @returns whether there was somebody to send it to; that nobody was may also mean that it is not new.
 * @throws {WakuError} `WAKU_LIBRARY_ERROR`
 */
export function readPublished (reply: Reply): boolean {
  if (reply.code === 0) return true
  const text = failureText(reply, 'waku_relay_publish')
  if (text === 'NoPeersToPublish') return false
  throw libraryError('waku_relay_publish', text)
}

let last = { contentTopic: '', version: NaN, ephemeral: false, json: '' }

/** Most messages are in these like the one before. Ends where the timestamp begins. */
function fieldsJson ({ contentTopic, version, ephemeral }: WakuMessage): string {
  if (last.contentTopic !== contentTopic || last.version !== version || last.ephemeral !== ephemeral) {
    const json = `","contentTopic":${JSON.stringify(contentTopic)},"version":${version},"ephemeral":${ephemeral},"timestamp":"`
    last = { contentTopic, version, ephemeral, json }
  }
  return last.json
}

/** The timestamp is a text, because nanoseconds exceed what other readers of JSON keep; payloads given as arrays would be lost. */
function messageText (message: WakuMessage): TextParts {
  const { payload, timestamp, meta, proof } = message
  const metaJson = meta.byteLength > 0 ? `,"meta":"${base64(meta)}"` : ''
  const proofJson = proof.byteLength > 0 ? `,"proof":"${base64(proof)}"` : ''
  // The bridge makes the payload's base64.
  return ['{"payload":"', payload, `${fieldsJson(message)}${timestamp}"${metaJson}${proofJson}}`]
}

function base64 (bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
