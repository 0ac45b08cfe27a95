import { parseArchiveUrl } from './archive-url.js'
import type { Archive } from './archive.js'
import { WorkerArchive } from './worker-archive.js'
import type { ArchiveEngineOptions } from './worker-protocol.js'

/**
 * Opens the archive at a URL, creating it where there is none, on a thread of its own.
 *
 * @param url - `sqlite://<path>`, `sqlite://:memory:` or `postgres://<user>:<password>@<host>:<port>/<database>`.
 * @returns the open archive, to be closed by the caller.
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT` for `store.url`, `WAKU_ARCHIVE_FAILED`.
 */
export async function openArchive (url: string, options: ArchiveEngineOptions = {}): Promise<Archive> {
  // Here, because a worker that cannot start only says that it ended.
  parseArchiveUrl(url)
  const archive = new WorkerArchive(workerUrl(), { url, options })
  try {
    await archive.open()
  } catch (error) {
    await archive.close()
    throw error
  }
  return archive
}

// Beside this module in the bundle; when the sources run as they are, in tests, the one that was built last.
function workerUrl (): URL {
  return new URL(import.meta.url.endsWith('.ts') ? '../../dist/archive-worker.js' : './archive-worker.js', import.meta.url)
}
