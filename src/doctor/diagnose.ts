import type { Driver } from '../backends/libwaku/drivers/driver.js'
import { probeLibrary } from '../backends/libwaku/probe/probe-library.js'
import type { Diagnosis, Door } from './diagnosis.js'
import { lookForLibrary } from './look-for-library.js'
import { problemsOf } from './problems-of.js'
import { systemFacts } from './system-facts.js'

const defaultTimeoutMs = 20_000

/** How to diagnose. */
export interface DiagnoseOptions {
  readonly signal: AbortSignal
  /** How long each file may take to load, in milliseconds; 20 000 by default. */
  readonly timeoutMs?: number | undefined
}

/**
 * Finds out whether the native backend works on this machine, and what is missing. Everything native is loaded in
 * processes of its own: none of it can harm this one.
 *
 * @throws {WakuError} `WAKU_ABORTED`.
 */
export async function diagnose ({ signal, timeoutMs = defaultTimeoutMs }: DiagnoseOptions): Promise<Diagnosis> {
  const [addon, koffi] = await Promise.all([tryDoor('addon', timeoutMs, signal), tryDoor('koffi', timeoutMs, signal)])
  const doors = [...(addon.works ? ['addon' as const] : []), ...(koffi.works ? ['koffi' as const] : [])]
  const library = await lookForLibrary({ doors, timeoutMs, signal })
  const found = { works: library.path !== undefined, system: systemFacts(), addon, koffi, library }
  return { ...found, problems: problemsOf(found) }
}

async function tryDoor (name: Driver['name'], timeoutMs: number, signal: AbortSignal): Promise<Door> {
  const { driver, failure } = await probeLibrary({ doors: [name], timeoutMs, signal })
  if (failure === undefined) return { works: true, path: driver?.path, attempts: [] }
  return { works: false, attempts: failure.attempts.length > 0 ? failure.attempts : [{ path: name, reason: failure.reason }] }
}
