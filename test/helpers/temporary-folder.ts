import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Makes an empty folder; `remove` deletes it with all that is in it. */
export function makeTemporaryFolder (): { path: string, remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'nwaku-desktop-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
