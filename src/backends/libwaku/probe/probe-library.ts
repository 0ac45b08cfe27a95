import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { onAbort } from '../../../abort-listener.js'
import { WakuError } from '../../../errors.js'
import type { Attempt } from '../drivers/locate.js'
import { packageFolder } from '../drivers/locate.js'
import { reportDescriptor, type ProbeLine, type ProbeRequest } from './report.js'

const defaultTimeoutMs = 20_000
const maxReportBytes = 1024 * 1024

/** How far a probe got, and why not further. */
export interface ProbeResult {
  readonly driver?: { readonly name: 'addon' | 'koffi', readonly path: string | undefined }
  readonly library?: { readonly generation: 'A' | 'B' | 'C', readonly path: string }
  readonly version?: string
  readonly failure?: ProbeFailure
}

/** Why a probe got no further. A crash and a hang are failures too. */
export interface ProbeFailure {
  /** What it was at: loading the bridge, opening the library, asking for its version. */
  readonly step: 'driver' | 'open' | 'version'
  readonly reason: string
  readonly attempts: readonly Attempt[]
  /** Whether it opens, and is none that this version knows. */
  readonly isUnknown: boolean
}

/** How to probe. */
export interface ProbeOptions extends Partial<ProbeRequest> {
  /** In milliseconds, 20 000 by default; the process is then killed. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens the native library in a process of its own, so that nothing it does can harm this one.
 *
 * @throws {WakuError} `WAKU_ABORTED`; what goes wrong in the library is a result.
 */
export async function probeLibrary ({ timeoutMs = defaultTimeoutMs, signal, ...request }: ProbeOptions = {}): Promise<ProbeResult> {
  const program = join(packageFolder() ?? '', 'dist', 'library-probe.js')
  // The library makes files where it stands.
  const folder = await mkdtemp(join(tmpdir(), 'nwaku-desktop-probe-'))
  try {
    const full: ProbeRequest = { doors: ['addon', 'koffi'], version: false, ...request }
    const child = spawn(process.execPath, [program, JSON.stringify(full)], {
      cwd: folder,
      // Inside Electron its executable is to be Node.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe']
    })
    return resultOf(...await watch(child, timeoutMs, signal), full)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function watch (child: ChildProcess, timeoutMs: number, signal: AbortSignal | undefined): Promise<[lines: ProbeLine[], end: string]> {
  const kill = (): void => { child.kill('SIGKILL') }
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), timeoutMs)
  late.signal.addEventListener('abort', kill)
  const forgetSignal = onAbort(signal, kill)
  if (signal?.aborted === true) kill()
  try {
    const ended = once(child, 'close') as Promise<[code: number | null, signal: NodeJS.Signals | null]>
    const [text, [code, killer]] = await Promise.all([readReport(child.stdio[reportDescriptor] as Readable), ended])
    if (signal?.aborted === true) throw new WakuError('WAKU_ABORTED', 'probing the library was aborted', { operation: 'probe' }, { cause: signal.reason })
    const end = late.signal.aborted ? `it gave no answer within ${timeoutMs} ms` : killer === null ? `it ended the process with exit code ${code ?? 0}` : `it ended the process with ${killer}`
    return [text.split('\n').filter(Boolean).flatMap(parseLine), end]
  } finally {
    clearTimeout(timer)
    forgetSignal()
  }
}

async function readReport (stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) {
    if (text.length < maxReportBytes) text += chunk as string
  }
  return text
}

/** A process that was killed may leave half a line. */
function parseLine (line: string): ProbeLine[] {
  try {
    return [JSON.parse(line) as ProbeLine]
  } catch {
    return []
  }
}

function resultOf (lines: readonly ProbeLine[], end: string, { library, version }: ProbeRequest): ProbeResult {
  const find = <S extends ProbeLine['step']>(step: S): Extract<ProbeLine, { step: S }> | undefined => lines.find((line): line is Extract<ProbeLine, { step: S }> => line.step === step)
  const [driver, opened, answered, failed] = [find('driver'), find('open'), find('version'), find('failed')]
  const isComplete = driver !== undefined && (library === undefined || opened !== undefined) && (library === undefined || !version || answered !== undefined)
  const step = driver === undefined ? 'driver' : opened === undefined ? 'open' : 'version'
  return {
    ...(driver && { driver: { name: driver.name, path: driver.path } }),
    ...(opened && { library: { generation: opened.generation, path: opened.path } }),
    ...(answered && { version: answered.version }),
    ...(!isComplete && { failure: { step, reason: failed?.reason ?? end, attempts: failed?.attempts ?? [], isUnknown: failed?.isUnknown ?? false } })
  }
}
