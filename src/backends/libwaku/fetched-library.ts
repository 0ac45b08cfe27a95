import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { libraryFileNames } from './library-file-names.js'

/**
 * Returns the folder of this user in which `nwaku-desktop fetch-libwaku` keeps what it fetched, one folder for each
 * version: `$XDG_DATA_HOME/nwaku-desktop/libwaku`, or `~/.local/share/…` where that is not set; on macOS
 * `~/Library/Application Support/…`. It need not exist.
 */
export function fetchedLibraryFolder (env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  return join(dataFolder(env, platform), 'nwaku-desktop', 'libwaku')
}

function dataFolder (env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  const xdg = env['XDG_DATA_HOME']
  // A relative one is to be ignored, says its specification.
  return xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'share')
}

/**
 * Lists the libraries that were fetched, best first: those without a version, which a person gave by hand, then the
 * newest release; a release candidate comes after its release.
 *
 * @param folder - where they are.
 */
export function fetchedLibraries (folder: string = fetchedLibraryFolder()): string[] {
  const versions = namesIn(folder).filter((name) => !name.startsWith('.')).sort(byVersion)
  return versions.flatMap((version) => {
    const there = new Set(namesIn(join(folder, version)))
    return libraryFileNames().filter((name) => there.has(name)).map((name) => join(folder, version, name))
  })
}

function namesIn (folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // not there, no folder, or not to be read: then there is nothing that could be used
  }
}

function byVersion (one: string, other: string): number {
  const [a, b] = [numbersOf(one), numbersOf(other)]
  if (a === undefined || b === undefined) return a === b ? one.localeCompare(other) : a === undefined ? -1 : 1
  for (const [index, number] of a.entries()) {
    if (number !== b[index]) return (b[index] ?? 0) - number
  }
  // Equal up to what follows the numbers.
  return other.localeCompare(one, 'en', { numeric: true })
}

/** Reads `v0.38.1-rc.2` as 0, 38, 1, and 0 for a candidate, 1 for a release. */
function numbersOf (version: string): number[] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(-.*)?$/.exec(version)
  if (match === null) return undefined
  return [...match.slice(1, 4).map(Number), match[4] === undefined ? 1 : 0]
}
