import type { FileHandle } from 'node:fs/promises'

const headerBytes = 60
const firstHeaderAt = 8
/** A Debian package has three. */
const maxMembers = 100

/** A stretch of a file, in bytes. */
export interface Stretch {
  readonly begin: number
  readonly length: number
}

/**
 * Finds where the payload of a Debian package lies: its member `data.tar` with whatever compression.
 *
 * @returns undefined when there is none, or the file ends before it does.
 */
export async function findDebianPayload (file: FileHandle): Promise<Stretch | undefined> {
  const { size } = await file.stat()
  let at = firstHeaderAt
  for (let index = 0; index < maxMembers; index++) {
    const { buffer: header, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, at)
    const lengthText = header.toString('latin1', 48, 58).trim()
    if (bytesRead < headerBytes || !/^\d+$/.test(lengthText)) return undefined
    const stretch = { begin: at + headerBytes, length: Number(lengthText) }
    if (/^data\.tar/.test(header.toString('latin1', 0, 16))) return stretch.begin + stretch.length <= size ? stretch : undefined
    // Members begin at even offsets.
    at = stretch.begin + stretch.length + stretch.length % 2
  }
  return undefined
}
