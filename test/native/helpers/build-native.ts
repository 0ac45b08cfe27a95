import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Compiles the addon, the bridge and the fake libraries, unless they are up to date. A global set-up of vitest. */
export function setup (): void {
  const script = resolve(fileURLToPath(import.meta.url), '../../../../scripts/build-native.mjs')
  const { status } = spawnSync(process.execPath, [script, '--fakes'], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) console.error('native: not compiled, so the tests under test/native will fail')
}
