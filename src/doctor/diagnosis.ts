import type { Attempt } from '../backends/libwaku/drivers/locate.js'

/** What `doctor` found. */
export interface Diagnosis {
  /** Whether the native backend works here. The JS backend works wherever Node does. */
  readonly works: boolean
  readonly system: SystemFacts
  readonly addon: Door
  /** The other way into the library, for runtimes in which the addon does not load. */
  readonly koffi: Door
  readonly library: LibraryFacts
  /** What stands in the way, and what a person types or does about it. Empty when it works. */
  readonly problems: readonly Problem[]
}

/** Where this runs. */
export interface SystemFacts {
  readonly platform: string
  readonly arch: string
  readonly libc: { readonly name: 'glibc' | 'musl', readonly version: string | undefined } | undefined
  readonly node: string
  readonly electron: string | undefined
  /** The version of Node-API. */
  readonly napi: string
  /** The version of this package. */
  readonly package: string
}

/** One way into the library. */
export interface Door {
  readonly works: boolean
  /** The file that was loaded. */
  readonly path?: string | undefined
  /** Why not, for each file. */
  readonly attempts: readonly Attempt[]
}

/** The library that the native backend would use. */
export interface LibraryFacts {
  readonly path?: string | undefined
  readonly generation?: string | undefined
  readonly version?: string | undefined
  /** Where it was looked for, in that order, up to where it was found. */
  readonly places: readonly Place[]
}

/** A place where the library was looked for. */
export interface Place {
  readonly origin: 'NWAKU_LIBRARY_PATH' | 'fetched' | 'system'
  readonly path: string
  /** Why it is not used; undefined for the one that is. */
  readonly reason?: string | undefined
  /** Whether there is a file at all. */
  readonly exists: boolean
  readonly isQuarantined: boolean
}

/** Something that is to be mended. */
export interface Problem {
  readonly what: string
  readonly remedy?: string | undefined
}
