import { setMaxListeners } from 'node:events'
import { invalidArgument } from './errors.js'

/**
 * Calls a listener when a signal fires.
 *
 * @returns a function that takes the listener away again.
 */
export function onAbort (signal: AbortSignal | undefined, listener: () => void): () => void {
  // One signal may end any number of calls, which Node would take for a leak.
  if (signal instanceof AbortSignal) setMaxListeners(0, signal)
  signal?.addEventListener('abort', listener)
  return () => signal?.removeEventListener('abort', listener)
}

/** Checks that a signal, when there is one, is an AbortSignal; one of another realm or a polyfill will do. */
export function checkSignal (argument: string, signal: unknown): void {
  const isSignal = typeof signal === 'object' && signal !== null && 'aborted' in signal && 'addEventListener' in signal
  if (signal !== undefined && !isSignal) throw invalidArgument(argument, 'must be an AbortSignal')
}
