import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from './run-command.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Prints the path of a folder with an Electron, where there is such a tool.
const electronFinder = join(root, '../shared/tools/electron-dist')

// Each an app that uses dist/: in its main process, and in a utility process.
const apps = ['test/electron', 'test/process/electron']

/** Makes the step that uses dist/ inside a real Electron. */
export function electronStep () {
  return { name: 'electron', title: 'the package inside Electron', run: smokeTests }
}

async function smokeTests () {
  const electron = findElectron()
  if (electron === undefined) return skipped('no Electron: set ELECTRON_OVERRIDE_DIST_PATH to the folder of one')
  const display = displayFor()
  if (display === undefined) return skipped('no display for Electron: install xvfb')
  const total = { passed: 0, failed: 0, skipped: 0, remarks: [] }
  for (const app of apps) {
    const counts = await runApp([...display, electron, '--no-sandbox', '--disable-gpu', join(root, app)], app)
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

function skipped (reason) {
  console.log(`\n*** SKIPPED: ${reason} ***\n`)
  return { passed: 0, failed: 0, skipped: 1, remarks: [`SKIPPED: ${reason}`] }
}

function findElectron () {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? foundFolder()
  if (folder === undefined) return undefined
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
  const path = join(folder, names[process.platform] ?? 'electron')
  return existsSync(path) ? path : undefined
}

function foundFolder () {
  if (!existsSync(electronFinder)) return undefined
  try {
    return execFileSync(electronFinder, { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}

/** The command in front of Electron that gives it a display: none where there is one. */
function displayFor () {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return []
  const isThere = process.env.PATH.split(':').some((folder) => existsSync(join(folder, 'xvfb-run')))
  return isThere ? ['xvfb-run', '-a'] : undefined
}
