import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Prints the path of a folder with an Electron, where there is such a tool.
const electronFinder = join(root, '../shared/tools/electron-dist')
const installed = join(root, 'electron-demo/node_modules/electron/dist')
const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }

/** Finds the folder of an Electron: the one that ELECTRON_OVERRIDE_DIST_PATH names, the demo's own, or the one at hand here. */
export function findElectronFolder () {
  const candidates = [process.env.ELECTRON_OVERRIDE_DIST_PATH || undefined, installed, folderAtHand]
  for (const candidate of candidates) {
    const folder = typeof candidate === 'function' ? candidate() : candidate
    if (folder !== undefined && existsSync(executableIn(folder))) return folder
  }
  return undefined
}

/** Names Electron's executable in its folder. */
export function executableIn (folder) {
  return join(folder, names[process.platform] ?? 'electron')
}

function folderAtHand () {
  if (!existsSync(electronFinder)) return undefined
  try {
    return execFileSync(electronFinder, { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
