import { WakuError, type BackendExitReason } from '../../errors.js'
import type { CallName } from './protocol.js'

/** How the process of a session ended. */
export interface SessionEnd {
  readonly reason: BackendExitReason
  readonly pid: number
  readonly code: number | null
  readonly signal: string | null
}

/** Makes the error of a call whose process has ended. */
export function lost (operation: CallName | 'open', end: SessionEnd | undefined): WakuError<'WAKU_BACKEND_LOST'> {
  const { reason, pid, code, signal } = end ?? { reason: 'exit', pid: 0, code: null, signal: null }
  return new WakuError('WAKU_BACKEND_LOST', `the backend's process ended during ${operation}: ${reason}, ${signal ?? `code ${code ?? 'unknown'}`}`, { operation, reason, pid, code, signal })
}

/** Makes the error of a process that cannot be started. */
export function unavailable (entry: URL, error: Error): WakuError<'WAKU_UNAVAILABLE'> {
  return new WakuError('WAKU_UNAVAILABLE', `the backend's process cannot be started: ${error.message}`, { attempts: [{ path: entry.href, reason: error.message }] }, { cause: error })
}
