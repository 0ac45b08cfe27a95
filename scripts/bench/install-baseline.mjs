import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Installs what benchmarks compare with, as its lock file says, unless that is done. It stays out of the package's own dependencies:
 * it is old, and only benchmarks need it.
 */
export async function installBaseline (folder, progress) {
  const stamp = join(folder, 'node_modules', '.installed-lock')
  const lock = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json'))).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  progress('installing the baseline, @waku/relay 0.0.14, into test/bench/baseline (once, about 50 MB)')
  // Its peer dependencies contradict each other; the lock file names the versions that do work together.
  const args = ['ci', '--legacy-peer-deps', '--ignore-scripts', '--no-fund', '--no-audit']
  const npm = spawn('npm', args, { cwd: folder, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  const [code] = await once(npm, 'close')
  if (code !== 0) throw new Error(`npm ci in ${folder} ended with code ${code}`)
  writeFileSync(stamp, lock)
}
