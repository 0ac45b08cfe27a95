import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { executableIn, findElectronFolder } from '../electron/find-electron.mjs'
import { runCommand } from './run-command.mjs'
import { skipped } from './skipped.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

// Each an app that uses dist/: in its main process, and in a utility process.
const apps = ['test/electron', 'test/process/electron']

/** Makes the step that uses dist/ inside a real Electron. */
export function electronStep () {
  return { name: 'electron', title: 'the package inside Electron', run: smokeTests }
}

async function smokeTests () {
  const folder = findElectronFolder()
  if (folder === undefined) return skipped('no Electron: set ELECTRON_OVERRIDE_DIST_PATH to the folder of one')
  const display = displayFor()
  if (display === undefined) return skipped('no display for Electron: install xvfb')
  const total = { passed: 0, failed: 0, skipped: 0, remarks: [] }
  for (const app of apps) {
    const counts = await runApp([...display, executableIn(folder), '--no-sandbox', '--disable-gpu', join(root, app)], app)
    for (const key of ['passed', 'failed', 'skipped']) total[key] += counts[key]
    total.remarks.push(...counts.remarks)
  }
  return total
}

async function runApp ([command, ...args], app) {
  const counts = { passed: 0, failed: 0, skipped: 0, remarks: [] }
  const code = await runCommand(command, args, { timeoutMs: 120_000, onLine: (line) => count(counts, line) })
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) {
    counts.failed = 1
    counts.remarks.push(`FAILED: ${app}: Electron ended with exit code ${code}`)
  }
  return counts
}

/** Reads the lines of the Test Anything Protocol that the smoke test prints. */
function count (counts, line) {
  if (line.startsWith('ok ')) counts.passed++
  if (line.startsWith('not ok ')) {
    counts.failed++
    counts.remarks.push(`FAILED ${line.slice('not ok '.length)}`)
  }
}

/** The command in front of Electron that gives it a display: none where there is one. */
function displayFor () {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return []
  const isThere = process.env.PATH.split(':').some((folder) => existsSync(join(folder, 'xvfb-run')))
  return isThere ? ['xvfb-run', '-a'] : undefined
}
