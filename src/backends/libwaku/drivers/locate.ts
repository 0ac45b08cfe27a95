import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WakuError, reasonOf } from '../../../errors.js'

/** One thing that was tried, and why it did not do. */
export interface Attempt {
  readonly path: string
  readonly reason: string
}

/** Whether a file's name says that it is for another libc than this system's. */
function isForeign (name: string): boolean {
  const tag = /\.(musl|glibc)\./.exec(name)?.[1]
  if (tag === undefined) return false
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return (header?.glibcVersionRuntime === undefined ? 'musl' : 'glibc') !== tag
}

/** Returns the folder of this package, wherever a bundler put this code inside it. */
export function packageFolder (): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!isPackageFolder(folder)) {
    const above = dirname(folder)
    if (above === folder) return undefined
    folder = above
  }
  return folder
}

function isPackageFolder (folder: string): boolean {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string }
    return name === 'nwaku-desktop'
  } catch {
    return false // no such file here, or not a package's
  }
}

/**
 * Lists where a native file of this package may be, best first: what the package brings for this platform
 * (`prebuilds/linux-x64/…`, as prebuildify lays it out), then what was compiled here.
 */
export function candidates (kind: 'addon' | 'bridge'): string[] {
  const folder = packageFolder()
  if (folder === undefined) return []
  // Electron can load only what lies beside the archive.
  const root = folder.replace(/\bapp\.asar(?=[\\/]|$)/, 'app.asar.unpacked')
  const suffix = kind === 'addon' ? '.node' : process.platform === 'darwin' ? '.dylib' : '.so'
  const prebuilds = join(root, 'prebuilds', `${process.platform}-${process.arch}`)
  const brought = existsSync(prebuilds) ? readdirSync(prebuilds).filter((name) => name.endsWith(suffix) && !isForeign(name)) : []
  const compiled = kind === 'addon' ? 'waku_addon.node' : `libwaku_bridge${suffix}`
  return [...brought.sort().map((name) => join(prebuilds, name)), join(root, 'native', 'build', 'Release', compiled)]
}

/**
 * Returns what the first candidate that loads gives.
 *
 * @throws {WakuError} `WAKU_UNAVAILABLE` with all attempts.
 */
export function loadFirst<T> (what: string, paths: readonly string[], load: (path: string) => T): T {
  const attempts: Attempt[] = []
  for (const path of paths) {
    if (!existsSync(path)) {
      attempts.push({ path, reason: 'there is no such file' })
      continue
    }
    try {
      return load(path)
    } catch (error) {
      attempts.push({ path, reason: reasonOf(error) })
    }
  }
  if (attempts.length === 0) attempts.push({ path: fileURLToPath(import.meta.url), reason: 'the folder of nwaku-desktop was not found from here; leave the package out of your bundle' })
  throw new WakuError('WAKU_UNAVAILABLE', unavailable(what, attempts), { attempts })
}

function unavailable (what: string, attempts: readonly Attempt[]): string {
  const tried = attempts.map(({ path, reason }) => `  ${path}: ${reason}`).join('\n')
  return `Cannot load ${what} for ${process.platform}-${process.arch}. Tried:\n${tried}\nTo compile it: npm rebuild nwaku-desktop (in a clone: npm run build:native), with a C++17 compiler, make and Python 3.`
}
