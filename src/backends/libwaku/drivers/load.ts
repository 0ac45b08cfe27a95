import { WakuError, isWakuError } from '../../../errors.js'
import { loadAddonDriver } from './addon.js'
import type { Driver } from './driver.js'
import { loadKoffiDriver } from './koffi.js'
import type { Attempt } from './locate.js'

const loaders = { addon: loadAddonDriver, koffi: loadKoffiDriver }

/**
 * Returns a driver over the first front door of the bridge that opens.
 *
 * @param order - which to try, best first.
 * @throws {WakuError} `WAKU_UNAVAILABLE`, with every attempt of every door.
 */
export function loadDriver (order: ReadonlyArray<Driver['name']> = ['addon', 'koffi']): Driver {
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
