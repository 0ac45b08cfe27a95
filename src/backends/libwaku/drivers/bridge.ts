import type { FunctionCall } from './call-packer.js'

/**
 * The bridge of native/src/bridge.h, in this process or in another. Each request is answered under the number that it is given,
 * one that is refused with a negative {@link status}.
 */
export interface Bridge {
  readonly name: 'addon' | 'koffi'
  /** Opens the session. Once. */
  start (listener: BridgeListener): void
  /** Says whether the session keeps the event loop running; at first it does not. */
  keepAlive (on: boolean): void
  /** Calls a function of the library, or one of the bridge's own. The arguments are free again when this returns. */
  call (call: FunctionCall): void
  /** Returns the figures of a node, or of the process; undefined where they cannot be told. */
  stats (context?: number): readonly number[] | undefined
  /** Ends the session. */
  close (): void
}

/** Hears of answers and events, in the form of `wb_batch_prepare`. The memory is used again. */
export type BridgeListener = (batch: Buffer) => void

/** The functions of bridge.h as the addon and koffi offer them. */
export interface FrontDoor extends Omit<Bridge, 'start' | 'call'> {
  /** Opens the session; `onWake` is called when there is something to take. Once. */
  start (onWake: () => void): void
  /** Calls what a {@link CallPacker} has packed. Returns how many calls it was. */
  call (calls: Buffer): number
  /**
   * Gathers the next batch, and returns how many bytes it takes; none when nothing is waiting.
   *
   * @param maxWaitMs - for how long more may be gathered under load before the next, in milliseconds.
   */
  prepare (maxWaitMs: number): number
  /** Writes the batch that was gathered. */
  take (batch: Buffer): void
  /**
   * Serves this process's bridge to another, which connects to a socket at that path, without the event loop.
   *
   * @returns the descriptor of a stream, on which {@link served} come, and the end when the other process is gone; or a {@link status}.
   */
  serve (path: string): number
  /** The process ends: no call of the library is begun any more. */
  processEnds (): void
}

/** The version of bridge.h that this code is written for. */
export const interfaceVersion = 6

/** `enum wb_status`. */
export const status = {
  closed: -1,
  notReady: -2,
  unknownFunction: -3,
  badArguments: -4,
  queueFull: -5,
  noLibrary: -6,
  otherLibrary: -7,
  loadFailed: -8,
  unknownAbi: -9,
  noResources: -10,
  tooManyFiles: -11,
  cancelled: -12
} as const

/** `enum wb_output`. */
export const output = { inherit: 0, ignore: 1, stderr: 2 } as const

/** What `wb_host_serve` tells of the other process. */
export const served = { connected: 'c', nothingWanted: 'e' } as const

/** `enum wb_fate`. */
export const fate = { destroy: 0, leak: 1 } as const
