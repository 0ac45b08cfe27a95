import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs a command to its end in the project's folder, telling what is being done and how long it took. All output goes to stderr. */
export async function run (what, command, args) {
  const beganAt = performance.now()
  console.error(`setup: ${what} …`)
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', process.stderr, process.stderr], shell: command.endsWith('.cmd') })
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (...how) => resolve(how))
  })
  if (code !== 0) throw new Error(`${what} failed (${signal ?? `exit code ${code}`}); what went wrong stands above`)
  console.error(`setup: done in ${((performance.now() - beganAt) / 1000).toFixed(1)} s`)
}
