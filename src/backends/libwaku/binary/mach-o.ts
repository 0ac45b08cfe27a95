import type { Binary, ReadAt } from './binary.js'

const cpus: Record<number, string> = { 0x1000007: 'x64', 0x100000c: 'arm64' }
const dynamicLibrary = 6
const idCommand = 0xd
const headerBytes = 32
const maxCommandBytes = 64 * 1024
const maxSlices = 8

/** Reads the headers of a 64-bit Mach-O file. @throws RangeError where the file ends too early. */
export async function readMachO (readAt: ReadAt): Promise<Binary> {
  const header = await readAt(0, headerBytes)
  const commands = await readAt(headerBytes, Math.min(header.readUInt32LE(20), maxCommandBytes))
  return {
    format: 'Mach-O',
    architectures: [cpuName(header.readUInt32LE(4))],
    isLibrary: header.readUInt32LE(12) === dynamicLibrary,
    soname: installName(commands)
  }
}

/** Reads the headers of a universal file, which holds one Mach-O file for each architecture. @throws RangeError */
export async function readUniversal (readAt: ReadAt): Promise<Binary> {
  const count = (await readAt(4, 4)).readUInt32BE(0)
  const table = await readAt(8, Math.min(count, maxSlices) * 20)
  const slices: Binary[] = []
  for (let at = 0; at + 20 <= table.length; at += 20) {
    const offset = table.readUInt32BE(at + 8)
    slices.push(await readMachO(async (from, length) => await readAt(offset + from, length)))
  }
  return {
    format: 'Mach-O',
    architectures: slices.flatMap(({ architectures }) => architectures),
    isLibrary: slices.length > 0 && slices.every(({ isLibrary }) => isLibrary),
    soname: slices[0]?.soname
  }
}

function cpuName (cpu: number): string {
  return cpus[cpu] ?? `0x${cpu.toString(16)}`
}

function installName (commands: Buffer): string | undefined {
  for (let at = 0; at + 12 <= commands.length;) {
    const size = commands.readUInt32LE(at + 4)
    if (commands.readUInt32LE(at) === idCommand) {
      const text = commands.toString('utf8', at + commands.readUInt32LE(at + 8), at + size)
      return text.replace(/\0.*$/s, '')
    }
    // A broken header must not keep us here.
    at += Math.max(size, 8)
  }
  return undefined
}
