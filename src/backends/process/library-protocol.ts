import type { PlainError } from './protocol.js'

/*
 * What crosses between an application's process and a process in which only the library runs: the functions of bridge.h. Calls go to
 * the library, and batches of answers and events come from it, as bytes in the forms of bridge.h; the rest are items.
 */

/** What the application's process sends. */
export type ToBridge = Loading | OpenCommand | CreateCommand | DestroyCommand

/** The first item, and sent once: asks for the bridge to be loaded. Answered by {@link Loaded} or {@link LoadFailed}. */
export interface Loading {
  readonly kind: 'load'
}

/** `wb_library_open`. */
export interface OpenCommand {
  readonly kind: 'open-library'
  readonly request: number
  readonly path: string
  readonly output: number
}

/** `wb_context_create`. */
export interface CreateCommand {
  readonly kind: 'create'
  readonly request: number
  readonly configJson: string
  readonly maxEvents: number
  readonly maxEventBytes: number
  readonly maxCalls: number
}

/** `wb_context_destroy`. */
export interface DestroyCommand {
  readonly kind: 'destroy'
  readonly request: number
  readonly context: number
}

/** What the library's process sends. */
export type FromBridge = Loaded | LoadFailed

/** The bridge is there. */
export interface Loaded {
  readonly kind: 'loaded'
  readonly door: 'addon' | 'koffi'
}

/** The bridge cannot be loaded. */
export interface LoadFailed {
  readonly kind: 'load-failed'
  readonly error: PlainError
}
