import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { executableIn, findElectronFolder } from '../electron/find-electron.mjs'
import { runCommand } from './run-command.mjs'
import { skipped } from './skipped.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Makes the step that uses dist/ inside the main process of a real Electron. */
export function electronStep () {
  return { name: 'electron', title: 'the package inside Electron', run: smokeTest }
}

async function smokeTest () {
  const folder = findElectronFolder()
  if (folder === undefined) return skipped('no Electron: set ELECTRON_OVERRIDE_DIST_PATH to the folder of one')
  const display = displayFor()
  if (display === undefined) return skipped('no display for Electron: install xvfb')
  const app = ['--no-sandbox', '--disable-gpu', join(root, 'test/electron')]
  const [command, ...args] = [...display, executableIn(folder), ...app]
  const counts = { passed: 0, failed: 0, skipped: 0, remarks: [] }
  const code = await runCommand(command, args, { timeoutMs: 120_000, onLine: (line) => count(counts, line) })
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) {
    counts.failed = 1
    counts.remarks.push(`FAILED: Electron ended with exit code ${code}`)
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
