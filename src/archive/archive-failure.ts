import { WakuError, isWakuError, reasonOf } from '../errors.js'
import type { ArchiveFailure } from '../errors.js'

/**
 * Makes the error for an archive that cannot do what it was asked.
 *
 * @param url - of the archive, without its password: it becomes part of the error.
 */
export function archiveFailed (reason: ArchiveFailure, url: string, text: string, options?: ErrorOptions): WakuError<'WAKU_ARCHIVE_FAILED'> {
  return new WakuError('WAKU_ARCHIVE_FAILED', `archive ${url}: ${text}`, { reason, url }, options)
}

/** Makes the error for a call on an archive that is closed. */
export function archiveClosed (url: string): WakuError<'WAKU_ARCHIVE_FAILED'> {
  return archiveFailed('closed', url, 'is closed')
}

/** Makes the error for a cursor that is no message of the archive, in nwaku's words. */
export function cursorNotFound (): WakuError<'WAKU_STORE_FAILED'> {
  const statusDesc = 'BAD_RESPONSE: archive error: DRIVER_ERROR: cursor not found'
  return new WakuError('WAKU_STORE_FAILED', statusDesc, { statusCode: 300, statusDesc })
}

/** Passes errors of this package on and turns all others into `WAKU_ARCHIVE_FAILED` with the given reason, `other` by default. */
export function toArchiveError (error: unknown, url: string, reason: ArchiveFailure = 'other'): WakuError {
  return isWakuError(error) ? error : archiveFailed(reason, url, reasonOf(error), { cause: error })
}
