/**
 * The bridge of native/src/bridge.h, in this process or in another. Each function that asks for something returns
 * the positive number of the request, or of the new node, or a negative {@link status}; one that is refused later
 * is answered with that status.
 */
export interface Bridge {
  readonly name: 'addon' | 'koffi'
  /** Opens the session. Once. */
  start (listener: BridgeListener): void
  /** Says whether the session keeps the event loop running; at first it does not. */
  keepAlive (on: boolean): void
  open (path: string, output: number): number
  create (configJson: string, maxEvents: number, maxEventBytes: number, maxCalls: number): number
  /** `args` are packed as {@link packArguments} does, and free again when this returns. */
  call (context: number, name: string, args: Buffer): number
  destroy (context: number): number
  /** Returns the figures of a node, or of the process; undefined where they cannot be told. */
  stats (context?: number): readonly number[] | undefined
  /** Ends the session. */
  close (): void
}

/** Who hears of what the bridge has to tell. */
export interface BridgeListener {
  /** Answers and events, in the form of `wb_batch_prepare`. The memory is used again. */
  onBatch (batch: Buffer): void
  /** How many calls wait for an answer. */
  numOpen (): number
}

/** The functions of bridge.h as the addon and koffi offer them. */
export interface FrontDoor extends Omit<Bridge, 'start'> {
  /** Opens the session; `onWake` is called when there is something to take. Once. */
  start (onWake: () => void): void
  /**
   * Gathers the next batch, and returns how many bytes it takes; none when nothing is waiting.
   *
   * @param comesAgain - whether the caller gathers again by itself unless there was nothing, and need not be woken.
   */
  prepare (comesAgain: boolean): number
  /** Writes the batch that was gathered. */
  take (batch: Buffer): void
}

/** The version of bridge.h that this code is written for. */
export const interfaceVersion = 2

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
