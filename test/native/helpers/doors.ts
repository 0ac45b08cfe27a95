import type { Driver } from '../../../src/backends/libwaku/drivers/driver.js'
import { loadDriver } from '../../../src/backends/libwaku/drivers/load.js'

/** The two ways into the bridge. */
export const doors: Record<Driver['name'], () => Driver> = { addon: () => loadDriver(['addon']), koffi: () => loadDriver(['koffi']) }
