import { access, constants, open, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { archiveFailed } from '../../archive/archive-failure.js'
import { parseArchiveUrl, redactUrl } from '../../archive/archive-url.js'
import { applicationId } from '../../archive/sqlite/schema.js'
import { WakuError, type ArchiveFailure } from '../../errors.js'

/** Databases that nodes of this thread have open. */
const taken = new Set<string>()

/** Where SQLite keeps the number of the application in the first page of a database, big-endian. */
const applicationIdAt = 68

/**
 * Takes the database of a store for one node, and checks what the library does not: it makes folders, takes databases of
 * others for its own, and ends the process when it loses one.
 *
 * @returns a function that gives it back.
 * @throws {WakuError} `WAKU_ARCHIVE_FAILED`
 */
export async function takeDatabase (url: string): Promise<() => void> {
  const location = parseArchiveUrl(url)
  if (location.engine !== 'sqlite' || location.path === ':memory:') return () => {}
  const path = resolve(location.path)
  if (taken.has(path)) throw archiveFailed('locked', url, 'another node of this process has it open')
  taken.add(path)
  try {
    await checkFile(path, url)
  } catch (error) {
    taken.delete(path)
    throw error
  }
  return () => { taken.delete(path) }
}

async function checkFile (path: string, url: string): Promise<void> {
  const unwritable = (error: unknown): never => { throw archiveFailed('not-writable', url, 'cannot be written', { cause: error }) }
  const exists = await stat(path).then((found) => found.isFile() || unwritable(undefined), () => false)
  await access(exists ? path : dirname(path), constants.R_OK | constants.W_OK).catch(unwritable)
  if (exists && await readApplicationId(path) === applicationId) {
    throw archiveFailed('other', url, 'was made by the JS backend, and the library keeps its messages otherwise')
  }
}

async function readApplicationId (path: string): Promise<number> {
  const file = await open(path)
  try {
    const bytes = Buffer.alloc(4)
    await file.read(bytes, 0, 4, applicationIdAt)
    return bytes.readInt32BE()
  } finally {
    await file.close()
  }
}

const failures: ReadonlyArray<readonly [RegExp, ArchiveFailure]> = [
  [/unable to open|readonly/i, 'not-writable'],
  [/not a database|malformed|corrupt/i, 'corrupt'],
  [/is locked|busy/i, 'locked'],
  [/is full/i, 'full'],
  [/connect|connection/i, 'connection-lost']
]

/** Makes an error of the archive out of what the library says when it cannot make a node; undefined when that was not the reason. */
export function databaseFailure (url: string | undefined, libraryMessage: string): WakuError | undefined {
  const reason = /archive driver: (.*)$/s.exec(libraryMessage)?.[1]
  if (reason === undefined || url === undefined) return undefined
  if (/Postgres has been configured but not been compiled/.test(reason)) {
    return new WakuError('WAKU_NOT_SUPPORTED', 'this build of libwaku cannot use PostgreSQL', { capability: 'store.url postgres' })
  }
  return archiveFailed(failures.find(([pattern]) => pattern.test(reason))?.[1] ?? 'other', redactUrl(url), reason)
}
