import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { WakuError } from '../../errors.js'
import { fetchedLibraries } from './fetched-library.js'
import { libraryFileNames } from './library-file-names.js'

/**
 * Lists where the library may be, best first. A file that is named, by the option or by `NWAKU_LIBRARY_PATH`, is the only one:
 * another in its place would be a surprise. A name without a slash is for the system's loader.
 */
export function libraryCandidates (libraryPath: string | undefined, environment: NodeJS.ProcessEnv = process.env): string[] {
  const named = libraryPath ?? environment['NWAKU_LIBRARY_PATH']
  if (named !== undefined && named !== '') return [named]
  return [...fetchedLibraries(), ...libraryFileNames()]
}

/** Where loaders look, apart from what their environment says. */
const systemFolders = process.platform === 'darwin'
  ? ['/usr/local/lib', '/opt/homebrew/lib', '/usr/lib']
  : ['/usr/local/lib', '/usr/lib', '/lib', '/usr/lib64', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']

/**
 * Looks whether there is a file for any candidate, which says nothing of whether it loads.
 *
 * @throws {WakuError} `WAKU_UNAVAILABLE`, with every candidate.
 */
export function requireLibraryFile (libraryPath: string | undefined, environment: NodeJS.ProcessEnv = process.env): void {
  const candidates = libraryCandidates(libraryPath, environment)
  const fromEnvironment = ['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'].flatMap((name) => environment[name]?.split(':') ?? [])
  const folders = [...fromEnvironment.filter((folder) => isAbsolute(folder)), ...systemFolders]
  const exists = (path: string): boolean => path.includes('/') ? existsSync(path) : folders.some((folder) => existsSync(join(folder, path)))
  if (candidates.some(exists)) return
  throw new WakuError('WAKU_UNAVAILABLE', 'libwaku is not installed; npx nwaku-desktop fetch-libwaku brings it', {
    attempts: candidates.map((path) => ({ path, reason: 'no such file' }))
  })
}
