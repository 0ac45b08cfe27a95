import { spawnSync } from 'node:child_process'
import { existsSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { executableIn, findElectronFolder } from '../electron/find-electron.mjs'
import { changedAt, newestIn } from '../setup/changed-at.mjs'
import { withLock } from '../setup/lock.mjs'
import { npm } from '../setup/npm.mjs'
import { run } from '../setup/run.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const demo = join(root, 'electron-demo')
// npm writes it at the end of an install.
const installStamp = join(demo, 'node_modules/.package-lock.json')
// The last thing that a build writes.
const buildStamp = join(demo, 'out/engine.cjs')

/**
 * Installs and builds what the demo needs, and is not there or out of date.
 *
 * @param options.needsElectron - false to do without.
 * @returns the folder of the Electron to use; undefined when there is none and none is needed.
 */
export async function setUpDemo ({ needsElectron = true } = {}) {
  await setUpPackage()
  if (!isInstalled() || !isBuilt()) await withLock(join(root, '.cache/setup-demo.lock'), mend)
  const folder = findElectronFolder()
  if (folder !== undefined || !needsElectron) return folder
  return await withLock(join(root, '.cache/setup-demo.lock'), fetchElectron)
}

async function setUpPackage () {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/setup.mjs')], { stdio: 'inherit' })
  if (status !== 0) throw new Error('the package could not be set up; why stands above')
}

// Asked again under the lock: another setup may have done the work.
async function mend () {
  if (!isInstalled()) {
    const command = existsSync(join(demo, 'node_modules')) ? 'install' : 'ci'
    // Without scripts: Electron is fetched only where there is none, and the addons come built.
    await run(`installing the demo's dependencies (npm ${command})`, ...npm(command, '--prefix', demo, '--include=dev', '--ignore-scripts', '--loglevel=error'))
    utimesSync(installStamp, new Date(), new Date())
  }
  if (!isBuilt()) await run('building the demo', process.execPath, [join(demo, 'scripts/build.mjs')])
}

async function fetchElectron () {
  const known = findElectronFolder()
  if (known !== undefined) return known
  try {
    await run('fetching Electron, about 110 MB, once', process.execPath, [join(demo, 'node_modules/electron/install.js')])
  } catch {
    throw new Error('Electron could not be fetched from its download host: is it reachable from here? ' +
      'ELECTRON_MIRROR names another one, and ELECTRON_OVERRIDE_DIST_PATH the folder of an Electron that is here already.')
  }
  const folder = join(demo, 'node_modules/electron/dist')
  if (!existsSync(executableIn(folder))) throw new Error(`there is no Electron in ${folder} after fetching it`)
  return folder
}

function isInstalled () {
  return changedAt(installStamp) >= changedAt(join(demo, 'package-lock.json'))
}

function isBuilt () {
  const builtAt = statSync(buildStamp, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return ['src', 'scripts/build.mjs', 'vite.config.mjs', 'package.json', 'node_modules/.package-lock.json'].every((path) => newestIn(join(demo, path)) <= builtAt)
}
