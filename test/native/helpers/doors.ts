import { loadAddonDriver } from '../../../src/backends/libwaku/drivers/addon.js'
import type { Driver } from '../../../src/backends/libwaku/drivers/driver.js'
import { loadKoffiDriver } from '../../../src/backends/libwaku/drivers/koffi.js'

/** The two ways into the bridge. */
export const doors: Record<Driver['name'], () => Driver> = { addon: () => loadAddonDriver(), koffi: () => loadKoffiDriver() }
