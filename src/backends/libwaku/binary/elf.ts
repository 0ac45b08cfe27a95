import type { Binary, ReadAt } from './binary.js'

const machines: Record<number, string> = { 62: 'x64', 183: 'arm64', 3: 'ia32', 40: 'arm', 243: 'riscv64' }
const sharedObject = 3
const segment = { load: 1, dynamic: 2 } as const
const tag = { end: 0, stringTable: 5, soname: 14 } as const
/** More than any library has: a bound on what a broken header makes us read. */
const maxTableBytes = 64 * 1024
const maxNameBytes = 256

interface Segment { readonly type: number, readonly offset: number, readonly address: number, readonly size: number }

/** Reads the headers of a little-endian ELF file. @throws RangeError where the file ends too early. */
export async function readElf (readAt: ReadAt): Promise<Binary> {
  const header = await readAt(0, 64)
  const is64 = header.readUInt8(4) === 2
  const isLittle = header.readUInt8(5) === 1
  const machine = isLittle ? header.readUInt16LE(18) : header.readUInt16BE(18)
  const type = isLittle ? header.readUInt16LE(16) : header.readUInt16BE(16)
  const name = machines[machine] ?? `0x${machine.toString(16)}`
  return {
    format: 'ELF',
    architectures: [name],
    isLibrary: type === sharedObject,
    soname: is64 && isLittle ? await readSoname(header, readAt) : undefined
  }
}

async function readSoname (header: Buffer, readAt: ReadAt): Promise<string | undefined> {
  const segments = await readSegments(header, readAt)
  const dynamic = segments.find(({ type }) => type === segment.dynamic)
  if (dynamic === undefined) return undefined
  const entries = await readAt(dynamic.offset, Math.min(dynamic.size, maxTableBytes))
  let strings: number | undefined
  let soname: number | undefined
  for (let at = 0; at + 16 <= entries.length; at += 16) {
    const kind = number64(entries, at)
    if (kind === tag.end) break
    if (kind === tag.stringTable) strings = number64(entries, at + 8)
    if (kind === tag.soname) soname = number64(entries, at + 8)
  }
  if (strings === undefined || soname === undefined) return undefined
  const address = strings + soname
  const holder = segments.find((one) => one.type === segment.load && one.address <= address && address < one.address + one.size)
  if (holder === undefined) return undefined
  const text = await readAt(address - holder.address + holder.offset, maxNameBytes)
  const end = text.indexOf(0)
  return text.toString('utf8', 0, end < 0 ? text.length : end)
}

async function readSegments (header: Buffer, readAt: ReadAt): Promise<Segment[]> {
  const size = header.readUInt16LE(54)
  const count = header.readUInt16LE(56)
  if (size < 56) return []
  const table = await readAt(number64(header, 32), Math.min(size * count, maxTableBytes))
  return Array.from({ length: Math.floor(table.length / size) }, (_, index) => {
    const at = index * size
    return { type: table.readUInt32LE(at), offset: number64(table, at + 8), address: number64(table, at + 16), size: number64(table, at + 32) }
  })
}

/** Offsets and sizes of real files are far below 2^53. */
function number64 (bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at))
}
