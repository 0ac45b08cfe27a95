import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isRunning } from './is-running.js'

const prefix = '.fetching-'

/**
 * Has a file made beside where it is to be and moves it there once it is complete: nobody ever sees half of it.
 *
 * @param make - writes the file at the path given, and returns how it is to be called.
 * @returns its path.
 */
export async function installFile (folder: string, make: (temporaryPath: string) => Promise<string>): Promise<string> {
  await mkdir(folder, { recursive: true })
  await removeAbandoned(folder)
  const temporary = join(folder, `${prefix}${process.pid}-${randomBytes(4).toString('hex')}`)
  try {
    const path = join(folder, await make(temporary))
    await rename(temporary, path)
    await syncFolder(folder)
    return path
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Removes what processes have left that were killed at it. */
async function removeAbandoned (folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : NaN
    if (Number.isInteger(pid) && !isRunning(pid)) await rm(join(folder, name), { force: true })
  }
}

/** A new name reaches the disk with its folder. */
async function syncFolder (folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
