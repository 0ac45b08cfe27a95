import { createNode, type NodeOptions, type WakuError, type WakuNode } from 'nwaku-desktop'
import type { BackendChoice } from '../../shared/ipc.js'

/** A node and, for `auto`, why it is not the native one. */
export interface MadeNode {
  readonly node: WakuNode
  readonly fallback: WakuError | undefined
}

/**
 * Makes a node with the backend that was chosen, in a process of its own.
 *
 * @param historyPath - of the database in which a host keeps the history: the backends' formats differ; undefined for who is no host.
 * @throws {WakuError} as `createNode`.
 */
export async function makeNode (backend: BackendChoice, options: NodeOptions, historyPath: ((backend: 'js' | 'libwaku') => string) | undefined): Promise<MadeNode> {
  const storeOf = (name: 'js' | 'libwaku'): NodeOptions => historyPath === undefined ? {} : { store: { url: `sqlite://${historyPath(name)}`, retention: 'time:2592000' } }
  const make = async (name: 'js' | 'libwaku'): Promise<WakuNode> =>
    await createNode({ ...options, ...storeOf(name), backend, isolation: 'process' })
  const node = await make(backend === 'libwaku' ? 'libwaku' : 'js')
  // Which one `auto` takes is known only now; a host needs the other file then.
  if (backend !== 'auto' || node.backend === 'js' || historyPath === undefined) return { node, fallback: node.fallback }
  await node.close()
  return { node: await make('libwaku'), fallback: undefined }
}
