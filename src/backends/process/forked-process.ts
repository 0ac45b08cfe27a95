import type { Readable } from 'node:stream'
import type { HostReady } from './protocol.js'

/** How a child process ended: with a code of its own, or by a signal, as in `SIGSEGV`. */
export interface ProcessEnd {
  readonly code: number | null
  readonly signal: string | null
}

/** A child process, whichever way it was started. */
export interface ForkedProcess {
  /** Undefined when the process could not be started; `onEnd` tells. */
  readonly pid: number | undefined
  readonly stdout: Readable | null
  readonly stderr: Readable | null
  /** Called once, when the process listens on the path that it was given, or cannot. */
  onReady (listener: (ready: HostReady) => void): void
  /** Called once, when the process is gone; with an error when it never was there. */
  onEnd (listener: (end: ProcessEnd, error?: Error) => void): void
  /** Ends the process at once, whatever state it is in. */
  kill (): void
  /** Says whether the child keeps this process alive. */
  setReferenced (referenced: boolean): void
}
