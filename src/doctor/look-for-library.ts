import { existsSync } from 'node:fs'
import { misfitOf } from '../backends/libwaku/binary/misfit.js'
import type { Driver } from '../backends/libwaku/drivers/driver.js'
import { libraryCandidates } from '../backends/libwaku/find-library.js'
import { probeLibrary } from '../backends/libwaku/probe/probe-library.js'
import { isQuarantined } from '../backends/libwaku/quarantine.js'
import { reasonOf } from '../errors.js'
import type { LibraryFacts, Place } from './diagnosis.js'

type Candidate = Pick<Place, 'origin' | 'path'>

/** How to look. */
export interface LookOptions {
  /** The ways into the library that work; with none of them only the files' headers are looked at. */
  readonly doors: ReadonlyArray<Driver['name']>
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Looks for the library in the order of the native backend, each in a process of its own, up to the first that works. */
export async function lookForLibrary (options: LookOptions): Promise<LibraryFacts> {
  const places: Place[] = []
  for (const candidate of candidates()) {
    const { place, ...facts } = await lookAt(candidate, options)
    places.push(place)
    if (place.reason === undefined) return { ...facts, places }
  }
  return { places }
}

function candidates (): Candidate[] {
  const isNamed = (process.env['NWAKU_LIBRARY_PATH'] ?? '') !== ''
  return libraryCandidates(undefined).map((path) => ({ path, origin: isNamed ? 'NWAKU_LIBRARY_PATH' : path.includes('/') ? 'fetched' : 'system' }))
}

async function lookAt ({ origin, path }: Candidate, options: LookOptions): Promise<{ place: Place } & Partial<LibraryFacts>> {
  // For the system's loader to find.
  const isSystem = !path.includes('/')
  const exists = !isSystem && existsSync(path)
  const place = { origin, path, exists, isQuarantined: exists && await isQuarantined(path) }
  const reason = isSystem ? undefined : await visibleReason(place)
  if (reason !== undefined) return { place: { ...place, reason } }
  if (options.doors.length === 0) return { place: { ...place, reason: 'nothing is there to open it with' } }
  const { library, version, failure } = await probeLibrary({ ...options, library: path, version: true })
  if (failure !== undefined) {
    const why = `${failure.step === 'version' ? 'it opens, but ' : ''}${failure.reason}`
    return { place: { ...place, exists: exists || !isAbsence(path, why), reason: why } }
  }
  return { place: { ...place, exists: true }, path: library?.path, generation: library?.generation, version }
}

/** Whether the system's loader found no such library; it says the like of one that the library needs. */
function isAbsence (path: string, reason: string): boolean {
  return process.platform === 'darwin' ? /no such file/i.test(reason) : reason.includes(`${path}: cannot open shared object file`)
}

/** Why a file cannot be it, as far as that shows from outside. */
async function visibleReason ({ path, exists, isQuarantined }: Place): Promise<string | undefined> {
  if (!exists) return 'there is no such file'
  if (isQuarantined) return 'macOS has it in quarantine'
  try {
    return (await misfitOf(path, process.platform, process.arch))?.reason
  } catch (error) {
    return reasonOf(error)
  }
}
