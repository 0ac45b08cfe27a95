import { isWakuError, reasonOf, WakuError } from '../../errors.js'
import type { NodeConfig } from '../../config.js'
import { listenAddresses, reachableAddresses, type Ports } from './addresses.js'
import { libraryConfig } from './config.js'
import { databaseFailure, takeDatabase } from './database.js'
import type { DriverEvent } from './drivers/driver.js'
import type { Libwaku } from './open-library.js'
import { releasePort, takePort } from './ports.js'
import { RunningNode, type RunningHost } from './running-node.js'

/** How often another port is tried when somebody takes the one that was found free. */
const maxTries = 3

/** A node that runs, and what it occupies. */
export interface StartedNode {
  readonly node: RunningNode
  readonly ports: Ports
  /** Leaves the network and gives back what was occupied. */
  stop (): Promise<void>
}

/**
 * Makes and starts a node of the library. A new one each time: a node that was stopped takes a minute to start again.
 *
 * @throws {WakuError} `WAKU_LISTEN_FAILED`, `WAKU_ARCHIVE_FAILED`, `WAKU_INVALID_ARGUMENT`, `WAKU_LIBRARY_ERROR`; also what the signal ends with.
 */
export async function startNode (host: RunningHost, libwaku: Libwaku, pubsubTopics: readonly string[], signal: AbortSignal): Promise<StartedNode> {
  const { config } = host
  const giveBackDatabase = config.store === undefined ? () => {} : await takeDatabase(config.store.url)
  try {
    for (let left = maxTries; ; left--) {
      signal.throwIfAborted()
      const ports = await takePorts(config)
      try {
        const node = await startOnPorts(host, libwaku, pubsubTopics, ports, signal)
        const stop = async (): Promise<void> => {
          try {
            await node.stop()
          } finally {
            releasePorts(config, ports)
            giveBackDatabase()
          }
        }
        return { node, ports, stop }
      } catch (error) {
        releasePorts(config, ports)
        const mayTryAgain = isWakuError(error, 'WAKU_LISTEN_FAILED') && (config.port === 0 || config.websocketPort === 0) && left > 1
        if (!mayTryAgain) throw error
      }
    }
  } catch (error) {
    giveBackDatabase()
    throw error
  }
}

async function startOnPorts (host: RunningHost, libwaku: Libwaku, pubsubTopics: readonly string[], ports: Ports, signal: AbortSignal): Promise<RunningNode> {
  const { config, events } = host
  const settings = { ...ports, pubsubTopics, addresses: reachableAddresses(config, ports) }
  let running: RunningNode | undefined
  // None comes before the start.
  const receive = (batch: readonly DriverEvent[]): void => running?.receive(batch)
  try {
    const context = await libwaku.driver.create(libraryConfig(config, settings, libwaku), {
      signal, isPaced: true, onEvents: receive, onDropped: (count) => events.dropped('backend', count)
    })
    running = new RunningNode(context, host)
    await running.library.start(signal)
    for (const topic of pubsubTopics) {
      // In A and B the configuration has joined them.
      if (libwaku.generation === 'C') await running.subscribe(topic)
      else running.joined(topic)
    }
    signal.throwIfAborted()
    running.run()
    return running
  } catch (error) {
    await running?.stop()
    throw startFailure(error, config, ports)
  }
}

function startFailure (error: unknown, config: NodeConfig, ports: Ports): unknown {
  if (!isWakuError(error, 'WAKU_LIBRARY_ERROR')) return error
  const { libraryMessage } = error.details
  if (/address already in use|bind|cannot assign requested address/i.test(libraryMessage)) return listenFailed(config, ports, libraryMessage, error)
  return databaseFailure(config.store?.url, libraryMessage) ?? error
}

async function takePorts (config: NodeConfig): Promise<Ports> {
  let tcpPort: number | undefined
  try {
    tcpPort = await takePort(config.host, config.port)
    return { tcpPort, websocketPort: config.websocketPort === undefined ? undefined : await takePort(config.host, config.websocketPort) }
  } catch (error) {
    releasePort(config.host, tcpPort)
    throw listenFailed(config, { tcpPort: config.port, websocketPort: config.websocketPort }, reasonOf(error), error)
  }
}

function releasePorts ({ host }: NodeConfig, { tcpPort, websocketPort }: Ports): void {
  releasePort(host, tcpPort)
  releasePort(host, websocketPort)
}

function listenFailed (config: NodeConfig, ports: Ports, reason: string, cause: unknown): WakuError<'WAKU_LISTEN_FAILED'> {
  return new WakuError('WAKU_LISTEN_FAILED', `cannot listen: ${reason}`, { addresses: listenAddresses(config, ports), reason }, { cause })
}
