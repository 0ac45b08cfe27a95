import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(fileURLToPath(import.meta.url), '../../..')
// The last thing that a build writes.
const stamp = join(root, 'dist/THIRD-PARTY-NOTICES.txt')

/** Builds dist/ before the tests when a source is newer: tests of the worker thread, the command line and whole processes run what is built. */
export function setup (): void {
  const builtAt = existsSync(stamp) ? statSync(stamp).mtimeMs : 0
  if (newestIn('src') > builtAt || newestIn('scripts/build.mjs') > builtAt || newestIn('package.json') > builtAt) {
    execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' })
  }
}

function newestIn (path: string): number {
  const stats = statSync(join(root, path))
  if (!stats.isDirectory()) return stats.mtimeMs
  // The folder's own time too: it tells of removed files.
  return Math.max(stats.mtimeMs, ...readdirSync(join(root, path)).map((name) => newestIn(join(path, name))))
}
