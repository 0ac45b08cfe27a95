import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectRejection } from '../helpers/expect-rejection.js'
import { isWakuError } from '../../src/errors.js'
import { useFetching } from './helpers/fetching.js'
import { compress, debOf, elfLibrary, machOLibrary, tarGzOf, tarOf } from './helpers/packages.js'

const fetching = useFetching()
const library = elfLibrary({ size: 20_000 })
const good = await tarOf({ name: 'lib/libwaku.so', content: library })

/** Fetches from a file with this content, and asserts why that fails and that nothing was unpacked anywhere. */
async function failsWith (reason: string, content: Buffer, options = {}): Promise<string> {
  const from = join(fetching.folder, '../package')
  writeFileSync(from, content)
  const { message } = await expectRejection(fetching.fetch({ from, ...options }), 'WAKU_FETCH_FAILED', { reason })
  expect(fetching.files()).toEqual(['../package'.slice(3)])
  return message
}

describe('an archive', () => {
  it.each([
    ['a Debian package', debOf(gzipSync(good))],
    ['a Debian package without compression', debOf(good, 'data.tar')],
    ['a tar.gz', gzipSync(good)],
    ['a tar.xz', compress('xz', good)],
    ['a tar.zst', compress('zstd', good)]
  ])('that is the first part of %s is refused, however long that part is', async (_what, content) => {
    for (const share of [0, 0.001, 0.3, 0.9]) {
      if (content !== undefined) await failsWith(share === 0 ? 'unexpected-content' : 'corrupt-archive', content.subarray(0, Math.ceil(content.length * share)))
    }
  })

  it('with broken bytes in it never gives more than a typed error', async () => {
    const from = join(fetching.folder, '../package')
    const packages = [debOf(gzipSync(good)), gzipSync(good), good, compress('xz', good), compress('zstd', good)].filter((content) => content !== undefined)
    const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 })
    await fc.assert(fc.asyncProperty(fc.constantFrom(...packages), damage, async (whole, changes) => {
      const content = Buffer.from(whole)
      for (const [where, value] of changes) content[Math.floor(where * (content.length - 1))] = value
      writeFileSync(from, content)
      await fetching.fetch({ from }).catch((error: unknown) => {
        expect(isWakuError(error, 'WAKU_FETCH_FAILED'), String(error)).toBe(true)
      })
    }), { numRuns: 150 })
  })

  it('without the library is refused', async () => {
    expect(await failsWith('no-library', await tarGzOf({ name: 'lib/libwaku.a', content: library }, { name: 'libwaku.so.txt', content: library }))).toContain('libwaku.so')
  })

  it('with a package in which there is no payload is refused', async () => {
    await failsWith('corrupt-archive', debOf(gzipSync(good), 'payload.tar.gz'))
  })

  it('with links of the right name, and paths that lead out, is refused', async () => {
    await failsWith('no-library', await tarGzOf(
      { name: 'lib/libwaku.so', type: 'symlink', linkname: '/etc/passwd' },
      { name: 'usr/lib/libwaku.so', type: 'link', linkname: '../../../etc/passwd' },
      { name: 'dev/libwaku.so', type: 'character-device' },
      { name: '../../../libwaku.so', content: library },
      { name: 'libwaku.so/', type: 'directory' }
    ))
  })

  it('with a link beside the library gives the library', async () => {
    const from = join(fetching.folder, '../package')
    writeFileSync(from, await tarGzOf({ name: 'lib/libwaku.so', type: 'symlink', linkname: 'libwaku.so.0.38' }, { name: 'lib/libwaku.so.0.38', content: library }))
    expect((await fetching.fetch({ from })).path).toBe(join(fetching.folder, 'libwaku.so'))
  })

  it.each(['gzip', 'xz', 'zstd'] as const)('that grows without bound as it is unpacked, by %s, is given up', async (program) => {
    const bomb = await tarOf({ name: 'lib/zeros', content: Buffer.alloc(40 * 1024 * 1024) })
    const content = program === 'gzip' ? gzipSync(bomb) : compress(program, bomb)
    if (content !== undefined) await failsWith('too-large', content, { limits: { maxUnpackedBytes: 8 * 1024 * 1024 } })
  })

  it.each([
    ['a text', Buffer.from('404: Not Found'), 'unexpected-content'],
    ['nothing', Buffer.alloc(0), 'unexpected-content'],
    ['a zip archive', Buffer.from('PK\u0003\u0004'.padEnd(600, 'x')), 'unexpected-content'],
    ['a library for another processor', elfLibrary({ arch: 'x64' }), 'wrong-platform'],
    ['a library for another system', machOLibrary('arm64'), 'wrong-platform'],
    ['a program', elfLibrary({ type: 2 }), 'no-library'],
    ['another library', elfLibrary({ soname: 'libpq.so.5' }), 'unknown-library'],
    ['the beginning of a library', library.subarray(0, 30), 'no-library']
  ])('that is %s is refused', async (_what, content, reason) => {
    await failsWith(reason, content)
  })

  it('in which the library is for another processor is refused, and the error says for which', async () => {
    expect(await failsWith('wrong-platform', await tarGzOf({ name: 'libwaku.so', content: elfLibrary({ arch: 'x64' }) }))).toContain('it is for Linux on x64, not for linux-arm64')
  })
})
