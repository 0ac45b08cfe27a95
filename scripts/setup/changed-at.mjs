import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** When a file was changed, in milliseconds since the Unix epoch; 0 when it is not there. */
export function changedAt (path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** When the newest file of a folder was changed. */
export function newestIn (path) {
  if (!statSync(path).isDirectory()) return changedAt(path)
  // The folder's own time too: it tells of removed files.
  return Math.max(changedAt(path), ...readdirSync(path).map((name) => newestIn(join(path, name))))
}
