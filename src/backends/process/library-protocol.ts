import type { PlainError } from './protocol.js'

/*
 * What crosses between an application's process and a process in which only the library runs: the functions of bridge.h. Requests and
 * nodes have the numbers that the application gives them.
 */

/** What the application's process sends. */
export type ToBridge = Loading | OpenCommand | CreateCommand | DestroyCommand | Calls | Taken

/** The first item, and sent once: asks for the bridge to be loaded. Answered by {@link Loaded} or {@link LoadFailed}. */
export interface Loading {
  readonly kind: 'load'
}

/** `wb_library_open`. */
export interface OpenCommand {
  readonly kind: 'open-library'
  readonly id: number
  readonly path: string
  readonly output: number
}

/** `wb_context_create`; `id` is that of the node, too. */
export interface CreateCommand {
  readonly kind: 'create'
  readonly id: number
  readonly configJson: string
  readonly maxEvents: number
  readonly maxEventBytes: number
  readonly maxCalls: number
}

/** `wb_context_destroy`. */
export interface DestroyCommand {
  readonly kind: 'destroy'
  readonly id: number
  readonly context: number
}

/** One or more calls of functions, in the form of `packed-calls.ts`. */
export interface Calls {
  readonly kind: 'calls'
  readonly bytes: Uint8Array
}

/** So many more bytes of batches have been taken in. */
export interface Taken {
  readonly kind: 'taken'
  readonly numBytes: number
}

/** What the library's process sends. */
export type FromBridge = Loaded | LoadFailed | Batch

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

/** Answers and events in the form of `wb_batch_prepare`. */
export interface Batch {
  readonly kind: 'batch'
  readonly bytes: Uint8Array
}
