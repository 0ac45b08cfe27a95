import type * as FileSystem from 'node:fs'
import type { ChatUser } from './chat-user.js'

/** What Chromium's tracing says of the frames of a window. */
export interface FrameStatistics {
  readonly framesPerSecond: number
  /** Frames that were wanted and not presented, in percent of those wanted. */
  readonly droppedPercent: number
}

interface TraceEvent { readonly name: string, readonly ts: number, readonly args?: { readonly chrome_frame_reporter?: { readonly state?: string, readonly affects_smoothness?: boolean } } }

/** Traces a window while something happens to it. */
export async function frameStatistics (user: ChatUser, happen: () => Promise<void>): Promise<FrameStatistics> {
  await user.app.evaluate(async ({ contentTracing }) => {
    await contentTracing.startRecording({ recording_mode: 'record-as-much-as-possible', included_categories: ['cc', 'benchmark', 'viz', 'devtools.timeline.frame'] })
  })
  const began = performance.now()
  await happen()
  const seconds = (performance.now() - began) / 1000
  const json = await user.app.evaluate(async ({ contentTracing }) => {
    const path = await contentTracing.stopRecording()
    const { readFileSync, rmSync } = process.mainModule?.require('node:fs') as typeof FileSystem
    const { traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as { traceEvents: Array<{ name: string, ph: string, ts: number, args?: unknown }> }
    rmSync(path)
    return JSON.stringify(traceEvents.filter(({ name, ph }) => name === 'PipelineReporter' && ph === 'b'))
  })
  const reports = (JSON.parse(json) as TraceEvent[]).map(({ args }) => args?.chrome_frame_reporter?.state)
  const presented = reports.filter((state) => state === 'STATE_PRESENTED_ALL' || state === 'STATE_PRESENTED_PARTIAL').length
  const dropped = reports.filter((state) => state === 'STATE_DROPPED').length
  return { framesPerSecond: presented / seconds, droppedPercent: dropped / Math.max(1, presented + dropped) * 100 }
}
