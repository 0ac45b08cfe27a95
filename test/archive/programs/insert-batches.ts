import type { SqliteDriver } from '../../../src/archive/sqlite/driver.js'
import { SqliteArchive } from '../../../src/archive/sqlite/sqlite-archive.js'
import { isWakuError } from '../../../src/errors.js'
import { makeMessage } from '../../helpers/make-message.js'

// Inserts batches until it is killed or a batch fails, and prints the number of each that is kept, or the reason of the failure.
const [, , path = '', driver, batchSize = '100'] = process.argv
const maxBatches = 100_000
const archive = new SqliteArchive({ path, driver: driver as SqliteDriver['name'] })
await archive.open()
for (let batch = 0; batch < maxBatches; batch++) {
  try {
    await archive.insert(Array.from({ length: Number(batchSize) }, (_, i) => makeMessage({
      timestamp: BigInt(batch * Number(batchSize) + i), contentTopic: `/${batch}`, payload: Buffer.alloc(1000, i)
    })))
  } catch (error) {
    console.log(isWakuError(error, 'WAKU_ARCHIVE_FAILED') ? error.details.reason : String(error))
    break
  }
  process.stdout.write(`${batch}\n`)
}
