import '../../src/polyfills.js'
import { BridgeDriver } from '../../src/backends/libwaku/drivers/bridge-driver.js'
import { HostChild } from '../../src/backends/process/child.js'
import type { ProcessEnd } from '../../src/backends/process/forked-process.js'
import { builtEntry } from '../../src/backends/process/link.js'
import { errorFromPlain, type HostReady } from '../../src/backends/process/protocol.js'
import { RemoteBridge } from '../../src/backends/remote-library/remote-bridge.js'
import { resolveOptions } from '../../src/config.js'

/** A driver of the library in a process of its own, and that process. */
export interface RemoteDriver {
  readonly driver: BridgeDriver
  readonly child: HostChild
  /** Resolves when the process has ended, with how. */
  readonly ended: Promise<ProcessEnd>
}

/** Starts a process in which the library can be opened. */
export async function openRemoteDriver (): Promise<RemoteDriver> {
  const { promise, resolve } = Promise.withResolvers<HostReady>()
  const ended = Promise.withResolvers<ProcessEnd>()
  const child: HostChild = await HostChild.start(builtEntry('library-host.js'), resolveOptions({}).logger, {
    ready: resolve,
    bytes: (bytes) => bridge.takeBatch(bytes),
    ended: (end) => ended.resolve(end)
  })
  const { door = 'addon', error } = await Promise.race([promise, ended.promise.then(endedTooSoon)])
  if (error !== undefined) throw errorFromPlain(error)
  const bridge = new RemoteBridge(door, (frame) => child.postBytes(frame))
  const driver = new BridgeDriver(bridge)
  void ended.promise.then(() => driver.close())
  return { driver, child, ended: ended.promise }
}

function endedTooSoon (end: ProcessEnd): never {
  throw new Error(`the process ended before it was ready: ${JSON.stringify(end)}`)
}
