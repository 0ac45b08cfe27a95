import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder } from '../backends/libwaku/drivers/locate.js'
import { quarantineRemedy } from '../backends/libwaku/quarantine.js'
import type { Diagnosis, Place, Problem } from './diagnosis.js'

/** Platforms for which there is a libwaku. */
const supported = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']
const fetchCommand = 'npx nwaku-desktop fetch-libwaku'

/** Tells what stands in the way of the native backend, and what to do about each. */
export function problemsOf ({ works, system, addon, koffi, library }: Omit<Diagnosis, 'problems'>): Problem[] {
  if (works) return []
  const platform = `${system.platform}-${system.arch}`
  if (!supported.includes(platform)) return [{ what: `There is no libwaku for ${platform}. The JS backend does everything it can do elsewhere.` }]
  const problems: Problem[] = []
  if (!addon.works && !koffi.works) problems.push({ what: 'The native addon does not load, nor does its replacement through koffi.', remedy: rebuildRemedy() })
  // A library that nothing can open is not at fault.
  const atFault = library.places.filter(({ origin, exists, reason }) => (exists || origin === 'NWAKU_LIBRARY_PATH') && reason !== undefined)
  if (addon.works || koffi.works) problems.push(...atFault.map((place) => problemOf(place, system.libc?.version)))
  if (!library.places.some(({ exists, origin }) => exists || origin === 'NWAKU_LIBRARY_PATH')) problems.push({ what: 'The native library is nowhere.', remedy: fetchCommand })
  return problems
}

/** The compiler's needs are told by the install script when it fails. */
function rebuildRemedy (): string {
  const isClone = existsSync(join(packageFolder() ?? '', 'src'))
  return `${isClone ? 'npm run build:native' : 'npm rebuild nwaku-desktop'}  (needs a C++17 compiler, make and Python 3)`
}

function problemOf ({ origin, path, exists, reason = '', isQuarantined }: Place, glibc: string | undefined): Problem {
  const what = `${path}: ${reason}`
  if (isQuarantined) return { what, remedy: quarantineRemedy(path) }
  if (!exists && origin === 'NWAKU_LIBRARY_PATH') return { what: `NWAKU_LIBRARY_PATH names ${path}, and there is no such file.`, remedy: `unset NWAKU_LIBRARY_PATH && ${fetchCommand}` }
  const needed = /version [`'](GLIBC_[\d.]+)' not found/.exec(reason)?.[1]
  if (needed !== undefined) return { what: `${path} needs ${needed.replace('_', ' ')}, and this system has ${glibc ?? 'none'}.`, remedy: 'use a newer system, or compile libwaku on this one and name it in NWAKU_LIBRARY_PATH' }
  const missing = /([\w.+-]+\.so[\d.]*): cannot open shared object file/.exec(reason)?.[1]
  if (missing !== undefined && !path.endsWith(missing)) return { what: `${path} needs ${missing}, which this system does not have.`, remedy: `sudo apt install ${packageOf(missing)}` }
  return { what, remedy: origin === 'NWAKU_LIBRARY_PATH' ? `unset NWAKU_LIBRARY_PATH && ${fetchCommand}` : `rm '${path}' && ${fetchCommand}` }
}

/** Debian's name for the package of a library: `libpq.so.5` is in libpq5, as its policy has it. */
function packageOf (soname: string): string {
  const [, name = soname, version = ''] = /^(.+?)\.so\.?([\d.]*)$/.exec(soname) ?? []
  return `${name.toLowerCase()}${/\d$/.test(name) && version !== '' ? '-' : ''}${version}`
}
