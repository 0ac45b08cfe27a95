/** How a call is made. */
export interface CallOptions {
  /** Gives the call up. */
  readonly signal?: AbortSignal | undefined
  /** Is given a function that gives the call up, as long as it is under way: cheaper than a signal. */
  readonly abortable?: { abort: ((reason: Error) => void) | undefined } | undefined
  /** Waits until the backend has given the call up too. */
  readonly untilSettled?: boolean | undefined
}
