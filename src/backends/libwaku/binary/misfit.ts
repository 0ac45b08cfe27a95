import { basename } from 'node:path'
import { readBinary } from './read-binary.js'

const names = { 'ELF': 'Linux', 'Mach-O': 'macOS' } as const
const libraryName = /^lib(waku|logosdelivery)\b/

/** What a native file does not fit, and why. */
export interface Misfit {
  /** `kind`: no shared library; `platform`: one for another system or processor; `name`: one that is not libwaku. */
  readonly what: 'kind' | 'platform' | 'name'
  readonly reason: string
}

/**
 * Tells why a file cannot be the native library of a platform, going by its headers alone.
 *
 * @returns undefined when it can.
 */
export async function misfitOf (path: string, platform: NodeJS.Platform, arch: string): Promise<Misfit | undefined> {
  const binary = await readBinary(path)
  if (binary === undefined) return { what: 'kind', reason: 'it is no native library, or only a part of one' }
  const { format, architectures, isLibrary, soname } = binary
  if (!isLibrary) return { what: 'kind', reason: 'it is a native file, but no shared library' }
  if (format !== (platform === 'darwin' ? 'Mach-O' : 'ELF') || !architectures.includes(arch)) {
    return { what: 'platform', reason: `it is for ${names[format]} on ${architectures.join(', ')}, not for ${platform}-${arch}` }
  }
  if (soname !== undefined && !libraryName.test(basename(soname))) return { what: 'name', reason: `it calls itself ${basename(soname)}, which is not libwaku` }
  return undefined
}
