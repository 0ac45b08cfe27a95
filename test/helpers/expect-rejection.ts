import { expect } from 'vitest'
import { isWakuError, type WakuError, type WakuErrorCode } from 'nwaku-desktop'

/** Asserts that a promise rejects with a code, and with these details among its own. @returns the error. */
export async function expectRejection<C extends WakuErrorCode> (promise: Promise<unknown>, code: C, details: object = {}): Promise<WakuError<C>> {
  return expectError(await promise.then((value) => { throw new Error(`resolved with ${String(value)} instead of rejecting with ${code}`) }, (error: unknown) => error), code, details)
}

/** Asserts that a thrown value is an error of this package with a code, and with these details among its own. @returns the error. */
export function expectError<C extends WakuErrorCode> (error: unknown, code: C, details: object = {}): WakuError<C> {
  if (!isWakuError(error)) throw error
  expect(error.code, error.message).toBe(code)
  expect(error.details).toMatchObject(details)
  return error as WakuError<C>
}
