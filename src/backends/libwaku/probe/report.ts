import type { Driver, OpenLibrary } from '../drivers/driver.js'
import type { Attempt } from '../drivers/locate.js'

/** What the probing process is asked, as JSON on its command line. */
export interface ProbeRequest {
  /** The front doors of the bridge to try, best first. */
  readonly doors: ReadonlyArray<Driver['name']>
  /** A path or a bare file name; without it only the door is tried. */
  readonly library?: string | undefined
  /** Whether to ask the library for its version, for which it must make a node. */
  readonly version: boolean
}

/** What it answers, one JSON object a line on descriptor 3, as it gets on: a crash leaves what came before. */
export type ProbeLine =
  | { readonly step: 'driver', readonly name: Driver['name'], readonly path: string | undefined }
  | { readonly step: 'open', readonly generation: OpenLibrary['generation'], readonly path: string }
  | { readonly step: 'version', readonly version: string }
  | { readonly step: 'failed', readonly reason: string, readonly attempts: readonly Attempt[], readonly isUnknown: boolean }
  | { readonly step: 'done' }

/** The descriptor on which it answers. What the library prints cannot get into it. */
export const reportDescriptor = 3
