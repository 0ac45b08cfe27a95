import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const attribute = 'com.apple.quarantine'
const run = promisify(execFile)

/** Tells whether macOS would refuse to load a file until a person allows it. Nowhere else is there such a thing. */
export async function isQuarantined (path: string): Promise<boolean> {
  return process.platform === 'darwin' && await run('xattr', ['-p', attribute, path]).then(() => true, () => false)
}

/** Takes the mark away; the file was checked against its digest. A failure shows when the library is loaded. */
export async function removeQuarantine (path: string): Promise<void> {
  if (process.platform === 'darwin') await run('xattr', ['-d', attribute, path]).catch(() => undefined)
}

/** What a person types to take the mark away. */
export function quarantineRemedy (path: string): string {
  return `xattr -d ${attribute} '${path.replaceAll("'", "'\\''")}'`
}
