import { createNode, isWakuError, type WakuNode } from '../../index.js'
import { makeLogger } from '../logger.js'
import type { ChatOptions } from '../options.js'
import type { Output } from '../output.js'
import { UsageError } from '../usage-error.js'

const optionNames: ReadonlyArray<readonly [argument: RegExp, option: string]> = [
  [/^options\.(static|store)Peers/, '--connect'],
  [/^options\.host/, '--host'],
  [/^options\.port/, '--port'],
  [/^(options\.)?store/, '--store']
]

/**
 * Makes and starts the node of a chat. A host keeps a store, so that those who come later can read what was said.
 *
 * @throws {UsageError} when one of the options is wrong.
 */
export async function startChatNode (options: ChatOptions, output: Output, signal: AbortSignal): Promise<WakuNode> {
  const { connect, host, port, store, listen, verbose } = options
  const keepsStore = listen || store !== undefined
  let node: WakuNode | undefined
  try {
    node = await createNode({
      host,
      port,
      staticPeers: connect,
      storePeers: connect,
      store: keepsStore ? { url: store } : undefined,
      logger: verbose ? makeLogger(output, 'node') : undefined
    })
    await node.start({ signal })
    return node
  } catch (error) {
    await node?.close()
    throw asUsageError(error)
  }
}

function asUsageError (error: unknown): unknown {
  if (!isWakuError(error, 'WAKU_INVALID_ARGUMENT')) return error
  const { argument, reason } = error.details
  const option = optionNames.find(([pattern]) => pattern.test(argument))?.[1]
  return option === undefined ? error : new UsageError(`${option}: ${reason}`, { cause: error })
}
