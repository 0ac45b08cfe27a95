import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npm } from '../../../scripts/setup/npm.mjs'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const demo = join(root, 'electron-demo')

/**
 * Puts the app together in a folder of its own, with what it needs on one platform and nothing else: out/, a package.json, and
 * node_modules with the package as it would be published.
 *
 * @returns the folder, which is the caller's to remove.
 */
export async function stageApp ({ platform, arch }) {
  const stage = mkdtempSync(join(tmpdir(), 'nwaku-chat-stage-'))
  const { name, productName, desktopName, version, description, license, author, main, dependencies } = readManifest()
  const tarball = await packPackage(stage)
  const manifest = { name, productName, desktopName, version, description, license, author, main, dependencies: { ...dependencies, 'nwaku-desktop': `file:${tarball}` } }
  writeFileSync(join(stage, 'package.json'), JSON.stringify(manifest, null, 2))
  cpSync(join(demo, 'out'), join(stage, 'out'), { recursive: true })
  await run(stage, ...npm('install', '--omit=dev', '--ignore-scripts', '--no-package-lock', '--loglevel=error', `--os=${platform}`, `--cpu=${arch}`, ...(platform === 'linux' ? ['--libc=glibc'] : [])))
  addCompiled(stage, platform, arch)
  return stage
}

function readManifest () {
  return JSON.parse(readFileSync(join(demo, 'package.json'), 'utf8'))
}

async function packPackage (stage) {
  await run(root, ...npm('pack', '--ignore-scripts', '--silent', '--pack-destination', stage))
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return `${name}-${version}.tgz`
}

/** In a clone without prebuilds there may be an addon that was compiled here. */
function addCompiled (stage, platform, arch) {
  const compiled = join(root, 'native/build/Release')
  const installed = join(stage, 'node_modules/nwaku-desktop')
  if (existsSync(join(installed, 'prebuilds')) || platform !== process.platform || arch !== process.arch) return
  for (const file of ['waku_addon.node', platform === 'darwin' ? 'libwaku_bridge.dylib' : 'libwaku_bridge.so']) {
    if (existsSync(join(compiled, file))) cpSync(join(compiled, file), join(installed, 'native/build/Release', file))
  }
}

async function run (cwd, command, args) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], shell: command.endsWith('.cmd') })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with code ${code}`)
}
