import type * as FileSystem from 'node:fs'
import type { ChatUser } from './chat-user.js'

/** What Chromium's tracing says of the frames of a window. */
export interface FrameStatistics {
  /** Frames in which something was presented. */
  readonly framesPerSecond: number
  /** Frames in which something was to be presented and nothing was, in percent. */
  readonly droppedPercent: number
  /** Frames in which only the compositor's part was presented, and the page's own came later, in percent. */
  readonly partialPercent: number
}

/** One report of the pipeline; a frame has several when its page is late. */
interface Report {
  readonly frame: string
  readonly state: string
}

/** Traces a window while something happens to it. */
export async function frameStatistics (user: ChatUser, happen: () => Promise<void>): Promise<FrameStatistics> {
  await user.app.evaluate(async ({ contentTracing }) => {
    await contentTracing.startRecording({ recording_mode: 'record-as-much-as-possible', included_categories: ['cc', 'benchmark', 'devtools.timeline.frame'] })
  })
  const began = performance.now()
  await happen()
  const seconds = (performance.now() - began) / 1000
  const frames = byFrame(await readReports(user))
  const count = (fits: (states: ReadonlySet<string>) => boolean): number => [...frames.values()].filter(fits).length
  const isPresented = (states: ReadonlySet<string>): boolean => states.has('STATE_PRESENTED_ALL') || states.has('STATE_PRESENTED_PARTIAL')
  const presented = count(isPresented)
  const dropped = count((states) => states.has('STATE_DROPPED') && !isPresented(states))
  const partial = count((states) => states.has('STATE_PRESENTED_PARTIAL') && !states.has('STATE_PRESENTED_ALL'))
  const wanted = Math.max(1, presented + dropped)
  return { framesPerSecond: presented / seconds, droppedPercent: dropped / wanted * 100, partialPercent: partial / wanted * 100 }
}

async function readReports (user: ChatUser): Promise<Report[]> {
  return await user.app.evaluate(async ({ contentTracing, BrowserWindow }) => {
    const path = await contentTracing.stopRecording()
    const { readFileSync, rmSync } = process.mainModule?.require('node:fs') as typeof FileSystem
    interface Event { name: string, ph: string, pid: number, args?: { chrome_frame_reporter?: { state?: string, frame_source?: number, frame_sequence?: number } } }
    const { traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as { traceEvents: Event[] }
    rmSync(path)
    const pid = BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId()
    return traceEvents.filter((event) => event.name === 'PipelineReporter' && event.ph === 'b' && event.pid === pid)
      .map(({ args: { chrome_frame_reporter: { state = '', frame_source: source, frame_sequence: sequence } = {} } = {} }) => ({ frame: `${source} ${sequence}`, state }))
  })
}

function byFrame (reports: readonly Report[]): Map<string, Set<string>> {
  const frames = new Map<string, Set<string>>()
  for (const { frame, state } of reports) frames.set(frame, (frames.get(frame) ?? new Set()).add(state))
  return frames
}
