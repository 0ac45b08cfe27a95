import '../../src/polyfills.js'
import { BridgeDriver } from '../../src/backends/libwaku/drivers/bridge-driver.js'
import type { FromBridge } from '../../src/backends/process/library-protocol.js'
import { RemoteBridge } from '../../src/backends/remote-library/remote-bridge.js'
import { HostChild } from '../../src/backends/process/child.js'
import { builtEntry } from '../../src/backends/process/link.js'
import { resolveOptions } from '../../src/config.js'

/** A driver of the library in a process of its own, and that process. */
export interface RemoteDriver {
  readonly driver: BridgeDriver
  readonly child: HostChild
}

/** Starts a process in which the library can be opened. */
export async function openRemoteDriver (): Promise<RemoteDriver> {
  const child: HostChild = await HostChild.start(builtEntry('library-host.js'), resolveOptions({}).logger, {
    items: (items) => { for (const item of items) bridge.take(item as FromBridge) },
    bytes: (bytes) => bridge.takeBatch(bytes),
    ended: () => driver.close()
  })
  const bridge = new RemoteBridge({ post: (items) => child.post(items), postBytes: (frame) => child.postBytes(frame) })
  const driver = new BridgeDriver(bridge)
  await bridge.load()
  return { driver, child }
}
