import type { ArchiveFailure } from '../../errors.js'

// SQLite's primary result codes (the low byte of the extended ones).
const failures = new Map<number, ArchiveFailure>([
  [3, 'not-writable'], // PERM
  [5, 'locked'], // BUSY
  [6, 'locked'], // LOCKED
  [8, 'not-writable'], // READONLY
  [11, 'corrupt'], // CORRUPT
  [13, 'full'], // FULL
  [14, 'not-writable'], // CANTOPEN
  [23, 'not-writable'], // AUTH
  [26, 'corrupt'] // NOTADB
])
const ioErrorWrite = 778

/** Tells what a result code of SQLite means for an archive. */
export function failureOf (resultCode: number | undefined): ArchiveFailure {
  if (resultCode === undefined) return 'other'
  // A quota or a file size limit: for the operating system the disk is not full, but it takes no more.
  if (resultCode === ioErrorWrite) return 'full'
  return failures.get(resultCode & 0xff) ?? 'other'
}
