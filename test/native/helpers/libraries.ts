import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(fileURLToPath(import.meta.url), '../../../..')

const suffix = process.platform === 'darwin' ? 'dylib' : 'so'

/** Returns the path of a fake library: `a`, `b`, `c`, or one that is to be refused. */
export function fakeLibrary (name: string): string {
  return resolve(root, `native/fake/build/Release/libfake_${name}.${suffix}`)
}

/** Where the real library is, if there is one, and otherwise why tests of it are skipped. */
export function realLibrary (): { readonly path: string, readonly skip: false } | { readonly path: undefined, readonly skip: string } {
  const path = process.env['LIBWAKU_PATH']
  if (path !== undefined && existsSync(path)) return { path, skip: false }
  const reason = path === undefined ? 'LIBWAKU_PATH names no library' : `LIBWAKU_PATH: there is no ${path}`
  if (process.env['REQUIRE_LIBWAKU'] === '1') throw new Error(`REQUIRE_LIBWAKU=1, but ${reason}`)
  console.warn(`SKIPPED, tests of the real libwaku: ${reason}`)
  return { path: undefined, skip: reason }
}
