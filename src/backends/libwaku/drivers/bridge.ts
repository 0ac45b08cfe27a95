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
  open (request: number, path: string, output: number): void
  /** Creates a node, which has the number of the request. */
  create (request: number, configJson: string, maxEvents: number, maxEventBytes: number, maxCalls: number): void
  /** The arguments are free again when this returns. */
  call (call: FunctionCall): void
  destroy (request: number, context: number): void
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
   * @param comesAgain - whether the caller gathers again by itself unless there was nothing, and is woken before only for an answer that somebody waits for.
   */
  prepare (comesAgain: boolean): number
  /** Writes the batch that was gathered. */
  take (batch: Buffer): void
}

/** The version of bridge.h that this code is written for. */
export const interfaceVersion = 4

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
  tooManyFiles: -11
} as const

/** `enum wb_output`. */
export const output = { inherit: 0, ignore: 1, stderr: 2 } as const

/** `enum wb_fate`. */
export const fate = { destroy: 0, leak: 1 } as const
