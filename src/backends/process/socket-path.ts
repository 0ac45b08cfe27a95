import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The longest path of a socket, in bytes: macOS has room for 104, with a zero at the end. */
const maxPathBytes = 103

/** Where a process listens for its application. */
export interface SocketPath {
  readonly path: string
  /** Removes what was made for it; connections stay. */
  readonly remove: () => void
}

/** Makes a path for a socket that only the same user can reach. */
export function makeSocketPath (): SocketPath {
  if (process.platform === 'win32') return { path: String.raw`\\.\pipe\nwaku-desktop-${randomUUID()}`, remove: () => {} }
  const [name, socket] = ['nwaku-', 's']
  // Six characters are added to the name.
  const isShort = Buffer.byteLength(join(tmpdir(), `${name}xxxxxx`, socket)) <= maxPathBytes
  const folder = mkdtempSync(join(isShort ? tmpdir() : '/tmp', name))
  return { path: join(folder, socket), remove: () => rmSync(folder, { recursive: true, force: true }) }
}
