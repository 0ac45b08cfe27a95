import { execFile } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../helpers/temporary-store.js'

const root = resolve(fileURLToPath(import.meta.url), '../../..')
const tsc = createRequire(import.meta.url).resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc')

/** Compilers are slow while others work. */
const timeout = 180_000

/** Lays out an application that has installed the package, and nothing of what the package is built with. */
function makeConsumer (): string {
  const folder = temporaryFolder()
  const installed = join(folder, 'node_modules/nwaku-desktop')
  cpSync(join(root, 'package.json'), join(installed, 'package.json'))
  cpSync(join(root, 'dist'), join(installed, 'dist'), { recursive: true, filter: (path) => !/\.(js|map)$/.test(path) })
  for (const types of ['@types/node', 'undici-types']) cpSync(join(root, 'node_modules', types), join(folder, 'node_modules', types), { recursive: true })
  cpSync(fileURLToPath(new URL('consumer/app.ts', import.meta.url)), join(folder, 'app.ts'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return folder
}

test.concurrent.each([['NodeNext', 'NodeNext'], ['ESNext', 'bundler']])('an application with module %s and resolution %s compiles against the published types', async (module, resolution) => {
  const folder = makeConsumer()
  const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'ES2022', '--lib', 'ES2023,ESNext.Disposable', '--types', 'node', '--module', module, '--moduleResolution', resolution]
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, ...options, 'app.ts'], { cwd: folder }).catch((error: unknown) => error as { stdout: string })
  expect(stdout).toBe('')
}, timeout)
