import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The names under which the library comes: up to v0.38, and since. */
const fileNames = process.platform === 'darwin' ? ['libwaku.dylib', 'liblogosdelivery.dylib'] : ['libwaku.so', 'liblogosdelivery.so']

/**
 * The folder for libraries that were fetched, of the user and not of the project: `<folder>/<version>/<platform>-<arch>/libwaku.so`,
 * for example `v0.38.1/linux-x64/libwaku.so`. The highest version is taken.
 */
export function fetchedLibraryFolder (environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_DATA_HOME } = environment
  const data = XDG_DATA_HOME !== undefined && XDG_DATA_HOME !== ''
    ? XDG_DATA_HOME
    : process.platform === 'darwin' ? join(homedir(), 'Library/Application Support') : join(homedir(), '.local/share')
  return join(data, 'nwaku-desktop', 'libwaku')
}

/**
 * Lists where the library may be, best first. A file that is named, by the option or by `NWAKU_LIBRARY_PATH`, is the only one:
 * another in its place would be a surprise. A name without a slash is for the system's loader.
 */
export function libraryCandidates (libraryPath: string | undefined, environment: NodeJS.ProcessEnv = process.env): string[] {
  const named = libraryPath ?? environment['NWAKU_LIBRARY_PATH']
  if (named !== undefined && named !== '') return [named]
  return [...fetchedLibraries(fetchedLibraryFolder(environment)), ...fileNames]
}

function fetchedLibraries (folder: string): string[] {
  const platform = `${process.platform}-${process.arch}`
  return entriesOf(folder)
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .flatMap((version) => entriesOf(join(folder, version, platform)).filter((name) => fileNames.includes(name)).map((name) => join(folder, version, platform, name)))
}

function entriesOf (folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // nothing was fetched
  }
}
