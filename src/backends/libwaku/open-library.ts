import { isWakuError, WakuError } from '../../errors.js'
import type { Driver, OpenLibrary } from './drivers/driver.js'
import { loadDriver } from './drivers/load.js'
import type { Attempt } from './drivers/locate.js'
import { libraryCandidates } from './find-library.js'

/** The library, open, and the way to it. */
export interface Libwaku extends OpenLibrary {
  readonly driver: Driver
}

/** A process opens one library, for good, and its nodes share the way to it. */
let driver: Driver | undefined
let opened: Libwaku | undefined

/**
 * Finds and opens the library. Once one is open, it is the one for every node that does not name another.
 *
 * @param libraryPath - the only one to try, if given.
 * @throws {WakuError} `WAKU_UNAVAILABLE`, with everything that was tried.
 */
export async function openLibrary (libraryPath?: string): Promise<Libwaku> {
  if (opened !== undefined && libraryPath === undefined) return opened
  driver ??= loadDriver()
  opened = await openLibraryWith(driver, libraryPath)
  return opened
}

/** Finds and opens the library by a driver. @throws {WakuError} as {@link openLibrary}. */
export async function openLibraryWith (driver: Driver, libraryPath: string | undefined): Promise<Libwaku> {
  const attempts: Attempt[] = []
  for (const path of libraryCandidates(libraryPath)) {
    try {
      return { ...await driver.open(path), driver }
    } catch (error) {
      if (!isWakuError(error, 'WAKU_UNAVAILABLE')) throw error
      attempts.push(...error.details.attempts)
    }
  }
  throw new WakuError('WAKU_UNAVAILABLE', unavailable(attempts), { attempts })
}

function unavailable (attempts: readonly Attempt[]): string {
  const tried = attempts.map(({ path, reason }) => `  ${path}: ${reason}`).join('\n')
  return `Cannot load libwaku. Tried:\n${tried}\nTo get it: npx nwaku-desktop fetch-libwaku; or name the file with the option libraryPath or NWAKU_LIBRARY_PATH.`
}
