import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders: string[] = []

// When the process ends, because nodes of the test still use the files when its own hooks run.
process.once('exit', () => { for (const folder of folders) rmSync(folder, { recursive: true, force: true }) })

/** Makes a folder that is removed when the process ends. */
export function temporaryFolder (): string {
  const folder = mkdtempSync(join(tmpdir(), 'nwaku-desktop-'))
  folders.push(folder)
  return folder
}

/** Names an archive on disk that does not exist yet. */
export function temporaryStoreUrl (): string {
  return `sqlite://${join(temporaryFolder(), 'store.sqlite3')}`
}
