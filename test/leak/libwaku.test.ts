import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { realLibrary } from '../native/helpers/libraries.js'

const { path: libraryPath, skip } = realLibrary()
const reason = skip === false ? existsSync('/proc/self/task') ? false : 'there is no /proc' : skip

const timeout = 300_000
const numNodes = 20

/** What the library itself loses with each node. */
const lostByLibrary = 5

/** Of memory over the second half; the library keeps some of its own with each node. */
const maxGrowth = 1.1

test.skipIf(reason !== false)(`20 nodes of libwaku that are made, started, stopped and closed leave no more behind than the library's five descriptors each${reason === false ? '' : ` (skipped: ${reason})`}`, async () => {
  const program = fileURLToPath(new URL('libwaku.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, libraryPath ?? '', String(numNodes)], { timeout })
  const { descriptors, residentBytes } = JSON.parse(stdout) as { descriptors: number[], residentBytes: number[] }
  const first = descriptors[0] ?? NaN
  const half = residentBytes[2] ?? NaN
  expect((descriptors.at(-1) ?? NaN) - first, descriptors.join()).toBeLessThanOrEqual((numNodes - 4) * lostByLibrary)
  expect((residentBytes.at(-1) ?? NaN) / half, residentBytes.join()).toBeLessThan(maxGrowth)
}, timeout)
