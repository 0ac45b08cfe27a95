import type { Output } from './output.js'

/** What every command is given. */
export interface CommandContext {
  readonly output: Output
  /** Fires on SIGINT and SIGTERM; the command then ends soon. */
  readonly signal: AbortSignal
}
