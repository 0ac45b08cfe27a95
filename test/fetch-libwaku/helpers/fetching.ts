import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.js'
import { fetchLibwaku, type FetchedLibrary } from '../../../src/fetch-libwaku/fetch-libwaku.js'
import type { FetchOptions } from '../../../src/fetch-libwaku/fetch-options.js'
import { ReleaseServer } from './release-server.js'

/** What a test has: a server, an empty folder, and a fetch from the one into the other. */
export interface Fetching {
  server: ReleaseServer
  folder: string
  /** Fetches for Linux on arm64, with little patience. */
  fetch: (options?: FetchOptions) => Promise<FetchedLibrary>
  /** Every file and folder under the folder, in order. */
  files: () => string[]
}

const impatient = { answerTimeoutMs: 2000, stallTimeoutMs: 150, minBytes: 1024, numAttempts: 3, retryDelayMs: 5, maxWaitMs: 100 }

/** Sets up each test of a file. */
export function useFetching (): Fetching {
  const fetching = {} as Fetching
  let remove: () => void
  beforeEach(async () => {
    const folder = makeTemporaryFolder()
    remove = folder.remove
    fetching.folder = join(folder.path, 'into')
    fetching.server = await ReleaseServer.listen()
    fetching.fetch = async (options = {}) => await fetchLibwaku({
      releasesUrl: fetching.server.releasesUrl,
      into: fetching.folder,
      platform: 'linux',
      arch: 'arm64',
      ...options,
      limits: { ...impatient, ...options.limits }
    })
    fetching.files = () => readdirSync(folder.path, { recursive: true }).map(String).filter((name) => name !== 'into').map((name) => name.replace(/^into\//, '')).sort()
  })
  afterEach(async () => {
    await fetching.server.close()
    remove()
  })
  return fetching
}
