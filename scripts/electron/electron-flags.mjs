import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The switches without which Chromium does not start here: as root, and where the system allows its sandbox only to root's files. */
export function electronFlags (folder) {
  if (process.platform !== 'linux') return []
  return process.getuid() === 0 || (!hasUserNamespaces() && !hasSandboxHelper(folder)) ? ['--no-sandbox'] : []
}

function hasSandboxHelper (folder) {
  const helper = statSync(join(folder, 'chrome-sandbox'), { throwIfNoEntry: false })
  return helper?.uid === 0 && (helper.mode & 0o4000) !== 0
}

function hasUserNamespaces () {
  return read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') !== '1' && read('/proc/sys/kernel/unprivileged_userns_clone') !== '0'
}

function read (path) {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
