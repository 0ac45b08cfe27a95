import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** Growth that noise can have: far less than a kilobyte a cycle. */
const maxGrowth = 1.04

const timeout = 240_000

test.concurrent.each([
  ['a node that starts and stops 1 000 times', 'restarts.mjs', 1000],
  ['200 pairs of nodes that connect and close', 'pairs.mjs', 200]
])('%s leave nothing behind', async (_, program, numCycles) => {
  // Fails when the process does not end by itself.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--expose-gc', fileURLToPath(new URL(program, import.meta.url)), String(numCycles)], { timeout })
  expect(stderr).toBe('')
  const { half, end } = JSON.parse(stdout) as { half: number, end: number }
  expect(end / half, `from ${half} to ${end} bytes`).toBeLessThan(maxGrowth)
}, timeout)
