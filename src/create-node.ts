import { privateKeyFromRaw } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { JsBackend } from './backends/js/backend.js'
import { ProcessBackend } from './backends/process/backend.js'
import { resolveOptions } from './config.js'
import { WakuNode } from './node.js'
import type { NodeOptions } from './options.js'

/**
 * Makes a Waku node, not started yet.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT`; an unknown option is told with the nearest known one. `WAKU_UNAVAILABLE`; and
 *   `WAKU_BACKEND_LOST` when the process of the backend does not come up.
 *
 * @example
 * ```ts
 * await using node = await createNode({ clusterId: 16, shards: [32], staticPeers: [address] })
 * await node.start()
 * await node.publish({ contentTopic: '/my-app/1/chat/utf8', payload }, { pubsubTopic: '/waku/2/rs/16/32' })
 * ```
 */
export async function createNode (options: NodeOptions = {}): Promise<WakuNode> {
  const config = resolveOptions(options)
  const peerId = peerIdFromPrivateKey(privateKeyFromRaw(Buffer.from(config.nodeKey, 'hex'))).toString()
  // A crash of libwaku ends its process; the JS backend has nothing that could crash.
  const backend = config.backend === 'libwaku' ? 'libwaku' : 'js'
  const isolation = config.isolation ?? (backend === 'libwaku' ? 'process' : 'in-process')
  if (isolation === 'process') {
    const host = await ProcessBackend.open(config, backend)
    return new WakuNode(config, peerId, (events) => host.attach(events))
  }
  return new WakuNode(config, peerId, (events) => new JsBackend(config, events))
}
