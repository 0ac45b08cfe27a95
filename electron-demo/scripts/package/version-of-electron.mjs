import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The version of an Electron in a folder, or, without one, of the Electron that this app is developed with. */
export function versionOfElectron (folder) {
  if (folder !== undefined) return readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '')
  const manifest = fileURLToPath(new URL('../../package.json', import.meta.url))
  return JSON.parse(readFileSync(manifest, 'utf8')).devDependencies.electron
}
