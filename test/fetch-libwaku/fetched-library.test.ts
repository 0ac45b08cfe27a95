import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTemporaryFolder } from '../helpers/temporary-folder.js'
import { readBinary } from '../../src/backends/libwaku/binary/read-binary.js'
import { misfitOf } from '../../src/backends/libwaku/binary/misfit.js'
import { fetchedLibraries, fetchedLibraryFolder } from '../../src/backends/libwaku/fetched-library.js'
import { libraryFileNames } from '../../src/backends/libwaku/library-file-names.js'
import { elfLibrary, machOLibrary } from './helpers/packages.js'

let folder: ReturnType<typeof makeTemporaryFolder>
beforeEach(() => { folder = makeTemporaryFolder() })
afterEach(() => folder.remove())

describe('the folder of fetched libraries', () => {
  it.each([
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/nwaku-desktop/libwaku'],
    ['linux', {}, join(homedir(), '.local/share/nwaku-desktop/libwaku')],
    ['linux', { XDG_DATA_HOME: 'relative' }, join(homedir(), '.local/share/nwaku-desktop/libwaku')],
    ['darwin', { XDG_DATA_HOME: '/data' }, join(homedir(), 'Library/Application Support/nwaku-desktop/libwaku')]
  ] as const)('on %s with %j is %s', (platform, env, expected) => {
    expect(fetchedLibraryFolder(env, platform)).toBe(expected)
  })

  it('gives what a person put there first, then the newest release', () => {
    const [name = ''] = libraryFileNames()
    const inOrder = ['custom', 'v1.0.0', 'v0.38.10', 'v0.38.2', 'v0.38.2-rc.10', 'v0.38.2-rc.2', 'v0.9.0']
    for (const version of [...inOrder].reverse().concat('v9.9.9-empty', '.partial')) mkdirSync(join(folder.path, version))
    for (const version of inOrder) writeFileSync(join(folder.path, version, name), '')
    expect(fetchedLibraries(folder.path)).toEqual(inOrder.map((version) => join(folder.path, version, name)))
  })

  it('may be missing', () => {
    expect(fetchedLibraries(join(folder.path, 'nowhere'))).toEqual([])
  })
})

describe('the headers of a native file', () => {
  const path = (): string => join(folder.path, 'file')

  it('say for which system and processor it is, and what it calls itself', async () => {
    writeFileSync(path(), elfLibrary({ arch: 'x64' }))
    expect(await readBinary(path())).toEqual({ format: 'ELF', architectures: ['x64'], isLibrary: true, soname: 'libwaku.so' })
    writeFileSync(path(), machOLibrary('arm64'))
    expect(await readBinary(path())).toEqual({ format: 'Mach-O', architectures: ['arm64'], isLibrary: true, soname: '@rpath/libwaku.dylib' })
    expect(await misfitOf(path(), 'darwin', 'arm64')).toBeUndefined()
  })

  it('of a universal file say all its processors', async () => {
    const header = Buffer.alloc(4096)
    header.writeUInt32BE(0xcafebabe, 0)
    header.writeUInt32BE(2, 4)
    for (const [index, offset] of [4096, 8192].entries()) header.writeUInt32BE(offset, 8 + 20 * index + 8)
    writeFileSync(path(), Buffer.concat([header, machOLibrary('x64'), machOLibrary('arm64')]))
    expect(await readBinary(path())).toMatchObject({ architectures: ['x64', 'arm64'], isLibrary: true })
  })

  it('may be broken in any way', async () => {
    const files = [elfLibrary({ size: 1024 }), machOLibrary('x64'), Buffer.concat([Buffer.from('cafebabe00000009', 'hex'), Buffer.alloc(200)])]
    const changes = fc.array(fc.tuple(fc.nat({ max: 200 }), fc.integer({ min: 0, max: 255 })), { maxLength: 6 })
    await fc.assert(fc.asyncProperty(fc.constantFrom(...files), changes, fc.nat({ max: 600 }), async (whole, damage, length) => {
      const content = Buffer.from(whole.subarray(0, length))
      for (const [at, value] of damage) if (at >= 4 && at < length) content[at] = value
      writeFileSync(path(), content)
      expect([undefined, 'ELF', 'Mach-O']).toContain((await readBinary(path()))?.format)
    }), { numRuns: 400 })
  })
})
