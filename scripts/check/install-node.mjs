import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from './run-command.mjs'

const cache = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url))

/** Installs the newest release of a major version of Node from npm, unless it is there, and returns the path of its executable. */
export async function installNode (major) {
  const prefix = join(cache, `node-${major}`)
  const path = join(prefix, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(path)) {
    console.log(`check: installing Node ${major} from npm …`)
    await runCommand('npm', ['install', '--prefix', prefix, '--no-audit', '--no-fund', '--loglevel=error', `node@${major}`])
    if (!existsSync(path)) throw new Error(`Node ${major} could not be installed from npm`)
  }
  return path
}
