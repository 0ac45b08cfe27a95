import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder } from '../backends/libwaku/drivers/locate.js'
import type { SystemFacts } from './diagnosis.js'

/** Tells where this runs. */
export function systemFacts (): SystemFacts {
  const { node, electron, napi = '' } = process.versions
  return { platform: process.platform, arch: process.arch, libc: libcFacts(), node, electron, napi, package: packageVersion() }
}

function libcFacts (): SystemFacts['libc'] {
  if (process.platform !== 'linux') return undefined
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  const version = header?.glibcVersionRuntime
  return { name: version === undefined ? 'musl' : 'glibc', version }
}

function packageVersion (): string {
  const folder = packageFolder()
  if (folder === undefined) return 'unknown'
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  return version
}
