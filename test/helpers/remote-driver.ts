import '../../src/polyfills.js'
import { BridgeDriver } from '../../src/backends/libwaku/drivers/bridge-driver.js'
import { HostChild } from '../../src/backends/process/child.js'
import { builtEntry } from '../../src/backends/process/link.js'
import type { HostReady } from '../../src/backends/process/protocol.js'
import { RemoteBridge } from '../../src/backends/remote-library/remote-bridge.js'
import { resolveOptions } from '../../src/config.js'

/** A driver of the library in a process of its own, and that process. */
export interface RemoteDriver {
  readonly driver: BridgeDriver
  readonly child: HostChild
}

/** Starts a process in which the library can be opened. */
export async function openRemoteDriver (): Promise<RemoteDriver> {
  const { promise, resolve } = Promise.withResolvers<HostReady>()
  const child: HostChild = await HostChild.start(builtEntry('library-host.js'), resolveOptions({}).logger, {
    ready: resolve,
    bytes: (bytes) => bridge.takeBatch(bytes),
    ended: () => driver.close()
  })
  const { door = 'addon' } = await promise
  const bridge = new RemoteBridge(door, (frame) => child.postBytes(frame))
  const driver = new BridgeDriver(bridge)
  return { driver, child }
}
