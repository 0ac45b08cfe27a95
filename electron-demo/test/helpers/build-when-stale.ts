import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds what is tested: the package and the app. */
export function setup (): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../scripts/demo.mjs', import.meta.url)), '--build-only'], { stdio: 'inherit' })
}
