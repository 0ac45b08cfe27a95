import { join } from 'node:path'
import { loadNodeDriver } from '../../src/archive/sqlite/node-driver.js'
import { SqliteArchive } from '../../src/archive/sqlite/sqlite-archive.js'
import { WorkerArchive } from '../../src/archive/worker-archive.js'
import { builtWorkerUrl } from '../helpers/built-worker.js'
import { makeTemporaryFolder } from '../helpers/temporary-folder.js'
import { describeArchive } from './compliance/describe-archive.js'

const drivers = loadNodeDriver() === undefined ? ['libsql'] as const : ['node:sqlite', 'libsql'] as const

for (const driver of drivers) {
  describeArchive({
    name: `SQLite by ${driver}`,
    setup: async () => {
      const folder = makeTemporaryFolder()
      return await Promise.resolve({
        create: () => new SqliteArchive({ path: join(folder.path, 'archive.sqlite3'), driver }),
        teardown: folder.remove
      })
    }
  })

  describeArchive({
    name: `SQLite by ${driver} on a thread`,
    numModelRuns: 10,
    setup: async () => {
      const folder = makeTemporaryFolder()
      const url = `sqlite://${join(folder.path, 'archive.sqlite3')}`
      return await Promise.resolve({
        create: () => new WorkerArchive(builtWorkerUrl, { url, options: { sqliteDriver: driver } }),
        teardown: folder.remove
      })
    }
  })
}
