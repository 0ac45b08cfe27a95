import { open } from 'node:fs/promises'
import type { Binary, ReadAt } from './binary.js'
import { readElf } from './elf.js'
import { readMachO, readUniversal } from './mach-o.js'

const readers: Record<number, (readAt: ReadAt) => Promise<Binary>> = {
  0x7f454c46: readElf,
  0xcffaedfe: readMachO,
  0xcafebabe: readUniversal
}

/** Tells whether bytes begin as a native file does. */
export function isBinary (start: Buffer): boolean {
  return start.length >= 4 && start.readUInt32BE(0) in readers
}

/**
 * Reads the headers of a native file.
 *
 * @returns undefined for a file of another kind, and for one whose headers end too early.
 * @throws what opening and reading the file throws.
 */
export async function readBinary (path: string): Promise<Binary | undefined> {
  const file = await open(path)
  const readAt: ReadAt = async (offset, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
    return buffer.subarray(0, bytesRead)
  }
  try {
    const start = await readAt(0, 4)
    return isBinary(start) ? await readers[start.readUInt32BE(0)]?.(readAt) : undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  } finally {
    await file.close()
  }
}
