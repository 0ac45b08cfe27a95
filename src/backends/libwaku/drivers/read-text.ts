import { isUtf8 } from 'node:buffer'
import { WakuError } from '../../../errors.js'
import type { Reply } from './driver.js'

/** Gives an answer memory of its own. */
export function copyOfReply ({ code, bytes }: Reply): Reply {
  return { code, bytes: Buffer.from(bytes) }
}

/**
 * Decodes the text of an answer or event.
 *
 * @param operation - whose answer it is, for the error.
 * @throws {WakuError} `WAKU_MALFORMED_REPLY` if it is not UTF-8.
 */
export function readText (reply: Pick<Reply, 'bytes'>, operation: string): string {
  const { bytes } = reply
  if (!isUtf8(bytes)) throw new WakuError('WAKU_MALFORMED_REPLY', `the library's answer to ${operation} is not UTF-8`, { operation })
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
