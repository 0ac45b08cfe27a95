import { LibwakuBackend } from '../../../src/backends/libwaku/backend.js'
import { libraryConfig } from '../../../src/backends/libwaku/config.js'
import { loadDriver } from '../../../src/backends/libwaku/drivers/load.js'
import { LibraryNode } from '../../../src/backends/libwaku/functions.js'
import { takePort } from '../../../src/backends/libwaku/ports.js'
import { findMessage, readMessage } from '../../../src/backends/libwaku/read-event.js'
import { resolveOptions, type NodeConfig } from '../../../src/config.js'
import { createNode } from '../../../src/create-node.js'
import { peerIdOfNode } from '../../../src/identity.js'
import type { WakuMessage } from '../../../src/message.js'
import { WakuNode } from '../../../src/node/node.js'
import type { NodeOptions } from '../../../src/options.js'
import { publishByLibrary } from '../../helpers/publish-by-library.js'
import { openRemoteDriver } from '../../helpers/remote-driver.js'

/** Those of pair.c. */
export const pubsubTopic = '/waku/2/rs/16/32'
export const contentTopic = '/nwaku-desktop/1/bench-0/proto'

const options: NodeOptions = { host: '127.0.0.1', port: 0, clusterId: 16, shards: [32] }

/** How the nodes of a program are made. */
export interface Making {
  readonly libraryPath: string
  readonly backend: 'js' | 'libwaku'
  readonly door: 'addon' | 'koffi'
  readonly isolation: 'in-process' | 'process'
}

/** Makes a started node, as an application does, or over the door that an application does not choose. */
export async function startNode ({ libraryPath, backend, door, isolation }: Making): Promise<WakuNode> {
  const node = door === 'koffi'
    ? await koffiNode(libraryPath)
    : await createNode({ ...options, backend, isolation, ...(backend === 'libwaku' && { libraryPath }) })
  await node.start()
  return node
}

let overKoffi: Promise<ConstructorParameters<typeof LibwakuBackend>[3]> | undefined

async function koffiNode (libraryPath: string): Promise<WakuNode> {
  overKoffi ??= (async () => {
    const driver = loadDriver(['koffi'])
    return { ...await driver.open(libraryPath), driver }
  })()
  const libwaku = await overKoffi
  const config = resolveOptions(options)
  const peerId = peerIdOfNode(config)
  return new WakuNode(config, peerId, (events) => new LibwakuBackend(config, peerId, events, libwaku))
}

/** A node of the library without peers, which tells of every message that it publishes, although it reaches nobody. */
export async function startEventSource ({ libraryPath, door, isolation }: Making, onMessage: (message: WakuMessage) => void): Promise<(message: WakuMessage) => Promise<unknown>> {
  const { driver } = isolation === 'process' ? await openRemoteDriver() : { driver: loadDriver([door]) }
  const library = await driver.open(libraryPath)
  const config: NodeConfig = resolveOptions(options)
  const tcpPort = await takePort(config.host, 0)
  const settings = { tcpPort, websocketPort: undefined, pubsubTopics: [pubsubTopic], addresses: [`/ip4/127.0.0.1/tcp/${tcpPort}`] }
  const context = await driver.create(libraryConfig(config, settings, library), {
    onEvents: (events) => {
      for (const event of events) {
        const found = findMessage(event)
        const received = found === undefined ? undefined : readMessage(found)
        if (received !== undefined) onMessage(received.message)
      }
    }
  })
  const node = new LibraryNode(context)
  await node.start(new AbortController().signal)
  if (library.generation === 'C') await node.subscribe(pubsubTopic)
  return async (message) => await publishByLibrary(node, pubsubTopic, message)
}
