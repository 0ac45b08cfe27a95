import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { pack, type Header } from 'tar-stream'
import { fakeLibrary } from '../../native/helpers/libraries.js'

/** An entry of a tar archive. */
export type Entry = Partial<Header> & { name: string, content?: Buffer }

export async function tarOf (...entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack()
  for (const { content, ...header } of entries) archive.entry(header, content ?? Buffer.alloc(0))
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export async function tarGzOf (...entries: readonly Entry[]): Promise<Buffer> {
  return gzipSync(await tarOf(...entries))
}

/** Makes a Debian package with a payload of the given name, as in `data.tar.gz`. */
export function debOf (payload: Buffer, name = 'data.tar.gz'): Buffer {
  return Buffer.concat([
    Buffer.from('!<arch>\n'),
    ...([['debian-binary', Buffer.from('2.0\n')], ['control.tar.gz', gzipSync(Buffer.alloc(1025))], [name, payload]] as const).flatMap(([member, bytes]) => [
      Buffer.from(`${member.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`),
      bytes,
      Buffer.alloc(bytes.length % 2, '\n')
    ])
  ])
}

/** Compresses with a program of the system, where there is one. */
export function compress (program: 'xz' | 'zstd', bytes: Buffer): Buffer | undefined {
  try {
    return execFileSync(program, ['-c', '-q'], { input: bytes, maxBuffer: 64 * 1024 * 1024, stdio: ['pipe', 'pipe', 'ignore'] })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    console.warn(`SKIPPED, archives of ${program}: there is no such program`)
    return undefined
  }
}

const machines = { x64: 62, arm64: 183 } as const

/** The headers of a shared library, and nothing that could run, filled up to a size. */
export function elfLibrary ({ arch = 'arm64', type = 3, soname = 'libwaku.so', size = 4096 }: { arch?: keyof typeof machines, type?: number, soname?: string, size?: number } = {}): Buffer {
  // Not compressible, so that archives are of about this size.
  const file = createHash('shake256', { outputLength: Math.max(size, 512) }).digest().fill(0, 0, 512)
  file.write('\u007FELF\u0002\u0001\u0001', 'latin1')
  file.writeUInt16LE(type, 16)
  file.writeUInt16LE(machines[arch], 18)
  file.writeBigUInt64LE(64n, 32)
  file.writeUInt16LE(56, 54)
  file.writeUInt16LE(2, 56)
  for (const [index, [kind, offset, length]] of ([[1, 0, 512], [2, 256, 48]] as const).entries()) {
    const at = 64 + 56 * index
    file.writeUInt32LE(kind, at)
    for (const [place, value] of [[8, offset], [16, offset], [32, length]] as const) file.writeBigUInt64LE(BigInt(value), at + place)
  }
  for (const [index, value] of [5, 400, 14, 1, 0, 0].entries()) file.writeBigUInt64LE(BigInt(value), 256 + 8 * index)
  file.write(`\0${soname}\0`, 400)
  return file
}

/** The headers of a macOS library. */
export function machOLibrary (arch: 'x64' | 'arm64'): Buffer {
  const file = Buffer.alloc(4096)
  file.writeUInt32LE(0xfeedfacf, 0)
  file.writeUInt32LE(arch === 'x64' ? 0x1000007 : 0x100000c, 4)
  file.writeUInt32LE(6, 12)
  file.writeUInt32LE(1, 16)
  file.writeUInt32LE(56, 20)
  file.writeUInt32LE(0xd, 32)
  file.writeUInt32LE(56, 36)
  file.writeUInt32LE(24, 40)
  file.write('@rpath/libwaku.dylib\0', 56)
  return file
}

/** A fake library that opens, under the name of the real one; undefined where nothing was compiled. */
export function openableLibrary (name: string): Buffer | undefined {
  const path = fakeLibrary(name)
  if (process.platform !== 'linux' || !existsSync(path)) {
    console.warn(`SKIPPED, the fake library ${name}: it was not compiled here`)
    return undefined
  }
  const bytes = readFileSync(path)
  const soname = Buffer.from(`libfake_${name}.so\0`)
  const at = bytes.indexOf(soname)
  if (at >= 0) Buffer.from('libwaku.so\0'.padEnd(soname.length, '\0')).copy(bytes, at)
  return bytes
}
