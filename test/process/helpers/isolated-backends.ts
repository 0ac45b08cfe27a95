import type { NodeOptions } from 'nwaku-desktop'
import { realLibrary } from '../../native/helpers/libraries.js'

/** A backend to run in a process of its own, and the options that choose it. */
export interface IsolatedBackend {
  readonly name: 'js' | 'libwaku'
  readonly options: NodeOptions
}

/** JS, and libwaku where there is a library. */
export const isolatedBackends: readonly IsolatedBackend[] = [
  { name: 'js', options: { backend: 'js', isolation: 'process' } },
  ...libwaku()
]

function libwaku (): IsolatedBackend[] {
  const { path } = realLibrary()
  // Its isolation is the default.
  return path === undefined ? [] : [{ name: 'libwaku', options: { backend: 'libwaku', libraryPath: path } }]
}
