import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Runs a command in the project's folder, showing what it prints, and returns its exit code; a command that takes too long is ended.
 * With `onLine` its stdout is also read, line by line.
 */
export async function runCommand (command, args, { env = {}, timeoutMs = 30 * 60_000, onLine } = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', onLine === undefined ? 'inherit' : 'pipe', 'inherit']
  })
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text)
    const lines = (rest + text).split('\n')
    rest = lines.pop()
    lines.forEach(onLine)
  })
  const timer = setTimeout(() => {
    console.error(`check: ended ${command}, which took longer than ${timeoutMs / 1000} s`)
    child.kill('SIGKILL')
  }, timeoutMs)
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve(code ?? 1))
    })
  } finally {
    clearTimeout(timer)
  }
}
