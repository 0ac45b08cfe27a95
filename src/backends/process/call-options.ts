/** A call that is under way. */
export interface RunningCall {
  /** Gives it up. */
  giveUp (reason: Error): void
}

/** How a call is made. */
export interface CallOptions {
  /** Gives the call up. */
  readonly signal?: AbortSignal | undefined
  /** Is given the call, as long as it is under way: cheaper than a signal. */
  readonly caller?: { running: RunningCall | undefined } | undefined
  /** Waits until the backend has given the call up too. */
  readonly untilSettled?: boolean | undefined
}
