import { WakuError, isWakuError } from '../../../errors.js'
import { loadAddon } from './addon.js'
import { BridgeDriver } from './bridge-driver.js'
import type { FrontDoor } from './bridge.js'
import type { Driver } from './driver.js'
import { loadKoffi } from './koffi.js'
import { LocalBridge, type LocalBridgeOptions } from './local-bridge.js'
import type { Attempt } from './locate.js'

const loaders = { addon: loadAddon, koffi: loadKoffi }

/** How to load the bridge. */
export interface LoadOptions extends LocalBridgeOptions {
  /** Which doors to try, best first. */
  readonly order?: ReadonlyArray<FrontDoor['name']> | undefined
}

/**
 * Loads the bridge into this process, by the first front door that opens.
 *
 * @throws {WakuError} `WAKU_UNAVAILABLE`, with every attempt of every door.
 */
export function loadBridge ({ order = ['addon', 'koffi'], ...options }: LoadOptions = {}): LocalBridge {
  const attempts: Attempt[] = []
  const messages: string[] = []
  for (const name of order) {
    try {
      return new LocalBridge(loaders[name](), options)
    } catch (error) {
      if (!isWakuError(error, 'WAKU_UNAVAILABLE')) throw error
      attempts.push(...error.details.attempts)
      messages.push(error.message)
    }
  }
  throw new WakuError('WAKU_UNAVAILABLE', messages.join('\n'), { attempts })
}

/** Returns a driver over the bridge of this process. @throws {WakuError} as {@link loadBridge}. */
export function loadDriver (order?: ReadonlyArray<FrontDoor['name']>): Driver {
  return new BridgeDriver(loadBridge({ order }))
}
