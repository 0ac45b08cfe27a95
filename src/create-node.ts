import { LibwakuBackend } from './backends/libwaku/backend.js'
import { requireLibraryFile } from './backends/libwaku/find-library.js'
import { openLibrary } from './backends/libwaku/open-library.js'
import { remoteLibrary } from './backends/remote-library/library-link.js'
import { ProcessBackend } from './backends/process/backend.js'
import type { HostKind } from './backends/process/link.js'
import { remoteBackend } from './backends/process/remote-backend.js'
import { resolveOptions, type NodeConfig } from './config.js'
import { isWakuError, reasonOf, WakuError } from './errors.js'
import { peerIdOfNode } from './identity.js'
import { WakuNode } from './node/node.js'
import type { NodeOptions } from './options.js'

/**
 * Makes a Waku node, not started yet. With `backend: 'auto'` it runs on libwaku where that loads and can do what the options
 * ask for, else on the JS backend; `WakuNode.fallback` then tells why. libwaku runs in a child process unless `isolation` says
 * otherwise: a crash of it ends its process.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT`; an unknown option is told with the nearest known one. `WAKU_UNAVAILABLE` with
 * `backend: 'libwaku'` when it cannot be loaded, with everything that was tried. `WAKU_NOT_SUPPORTED` for options that the backend
 * cannot do. `WAKU_BACKEND_LOST` when the process of the backend does not come up.
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
  if (config.backend === 'js') return await jsNode(config)
  try {
    // Where there is no file, neither a process nor the loader need be troubled.
    if (config.backend === 'auto') requireLibraryFile(config.libraryPath)
    return await libwakuNode(config)
  } catch (error) {
    if (config.backend === 'libwaku' || !isWakuError(error)) throw error
    config.logger.info('the node runs on the JS backend', { reason: reasonOf(error) })
    return await jsNode(config, error)
  }
}

async function libwakuNode (config: NodeConfig): Promise<WakuNode> {
  if (config.isolation !== 'in-process') return await isolatedNode(config, remoteLibrary())
  const libwaku = await openLibrary(config.libraryPath)
  const peerId = peerIdOfNode(config)
  return new WakuNode(config, peerId, (events) => new LibwakuBackend(config, peerId, events, libwaku))
}

async function jsNode (config: NodeConfig, fallback?: WakuError): Promise<WakuNode> {
  if (config.reliability) throw new WakuError('WAKU_NOT_SUPPORTED', 'the JS backend has no reliability', { capability: 'reliability' }, { cause: fallback })
  if (config.isolation === 'process') return await isolatedNode(config, remoteBackend(), fallback)
  // js-libp2p is large: who runs libwaku, or has the other in a process of its own, need not load it.
  const { JsBackend } = await import('./backends/js/backend.js')
  return new WakuNode(config, peerIdOfNode(config), (events) => new JsBackend(config, events), fallback)
}

async function isolatedNode (config: NodeConfig, kind: HostKind, fallback?: WakuError): Promise<WakuNode> {
  const host = await ProcessBackend.open(config, kind)
  return new WakuNode(config, peerIdOfNode(config), (events) => host.attach(events), fallback)
}
