import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { hashFile } from './hash-file.js'
import { installFile } from './install-file.js'

const fileName = 'fetched.json'

const recordSchema = z.object({
  version: z.string(),
  platform: z.string(),
  arch: z.string(),
  source: z.string(),
  sourceSha256: z.string(),
  fileName: z.string(),
  sha256: z.string(),
  generation: z.enum(['A', 'B', 'C']).optional()
})

/** What stands beside a fetched library: where it is from. Digests are SHA-256 as 64 lowercase hex digits. */
export type FetchRecord = z.output<typeof recordSchema>

export async function writeRecord (folder: string, record: FetchRecord): Promise<void> {
  await installFile(folder, async (path) => {
    await writeFile(path, `${JSON.stringify(record, undefined, 2)}\n`)
    return fileName
  })
}

/** Returns the record of a folder when the library beside it is still what it says. */
export async function readRecord (folder: string, signal: AbortSignal): Promise<FetchRecord | undefined> {
  try {
    const record = recordSchema.parse(JSON.parse(await readFile(join(folder, fileName), 'utf8')))
    return await hashFile(join(folder, record.fileName), signal) === record.sha256 ? record : undefined
  } catch {
    signal.throwIfAborted()
    return undefined // none, or one that cannot be read: then the library is fetched again
  }
}
