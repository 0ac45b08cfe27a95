import { WakuError, isWakuError } from '../../../errors.js'
import { loadAddon } from './addon.js'
import { BridgeDriver } from './bridge-driver.js'
import type { FrontDoor } from './bridge.js'
import type { Driver } from './driver.js'
import { loadKoffi } from './koffi.js'
import { LocalBridge } from './local-bridge.js'
import type { Attempt } from './locate.js'

const loaders = { addon: loadAddon, koffi: loadKoffi }

/** Which doors to try, best first. */
export type DoorOrder = ReadonlyArray<FrontDoor['name']>

/**
 * Loads the bridge into this process, by the first front door that opens.
 *
 * @throws {WakuError} `WAKU_UNAVAILABLE`, with every attempt of every door.
 */
export function loadDoor (order: DoorOrder = ['addon', 'koffi']): FrontDoor {
  const attempts: Attempt[] = []
  const messages: string[] = []
  for (const name of order) {
    try {
      return loaders[name]()
    } catch (error) {
      if (!isWakuError(error, 'WAKU_UNAVAILABLE')) throw error
      attempts.push(...error.details.attempts)
      messages.push(error.message)
    }
  }
  throw new WakuError('WAKU_UNAVAILABLE', messages.join('\n'), { attempts })
}

/** Returns a driver over the bridge of this process. @throws {WakuError} as {@link loadDoor}. */
export function loadDriver (order?: DoorOrder): Driver {
  return new BridgeDriver(new LocalBridge(loadDoor(order)))
}
