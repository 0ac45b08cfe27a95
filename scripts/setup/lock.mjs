import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const lookIntervalMs = 200

/** Nothing is done under a lock for longer than this, in milliseconds. */
const maxAgeMs = 30 * 60_000

/** Does something while no other process does it; one that has died holds nobody up. */
export async function withLock (path, run) {
  mkdirSync(dirname(path), { recursive: true })
  let isToldOf = false
  while (!take(path)) {
    if (!isToldOf) console.error('waiting for another run that builds in this folder …')
    isToldOf = true
    await sleep(lookIntervalMs)
  }
  try {
    return await run()
  } finally {
    rmSync(path, { force: true })
  }
}

function take (path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (!isHeld(path)) rmSync(path, { force: true })
    return false
  }
}

function isHeld (path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > maxAgeMs) return false
    const pid = Number(readFileSync(path, 'utf8'))
    // Empty for an instant between its making and its writing.
    if (pid > 0) process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error.code === 'EPERM'
  }
}
