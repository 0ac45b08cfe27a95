import type { ArchiveFailure } from '../../errors.js'

// SQLSTATE codes, or their classes (the first two characters).
const states = new Map<string, ArchiveFailure>([
  ['08', 'connection-lost'],
  ['57P01', 'connection-lost'], // admin_shutdown
  ['57P02', 'connection-lost'], // crash_shutdown
  ['57P03', 'connection-lost'], // cannot_connect_now
  ['53300', 'connection-lost'], // too_many_connections
  ['53100', 'full'], // disk_full
  ['25006', 'not-writable'], // read_only_sql_transaction
  ['42501', 'not-writable'], // insufficient_privilege
  ['55P03', 'locked'], // lock_not_available
  ['57014', 'locked'], // query_canceled, by the statement timeout
  ['40', 'locked'], // transaction_rollback: deadlocks
  ['XX001', 'corrupt'], // data_corrupted
  ['XX002', 'corrupt'] // index_corrupted
])

const lostCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN'])
// pg gives these no code.
const lostTexts = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout)/

/** Tells what an error of the PostgreSQL client means for an archive. */
export function failureOf (error: unknown): ArchiveFailure {
  const { code, message } = error as { code?: unknown, message?: unknown }
  if (typeof code === 'string') {
    if (lostCodes.has(code)) return 'connection-lost'
    return states.get(code) ?? states.get(code.slice(0, 2)) ?? 'other'
  }
  return typeof message === 'string' && lostTexts.test(message) ? 'connection-lost' : 'other'
}
