import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { expectRejection } from '../helpers/expect-rejection.js'
import type { Progress } from '../../src/fetch-libwaku/download.js'
import { fetchLibwaku } from '../../src/fetch-libwaku/fetch-libwaku.js'
import { useFetching } from './helpers/fetching.js'
import { compress, debOf, elfLibrary, machOLibrary, openableLibrary, tarGzOf, tarOf } from './helpers/packages.js'
import { debName, sha256 } from './helpers/release-server.js'

const fetching = useFetching()
const library = elfLibrary({ size: 200_000 })
const inDeb = { name: './usr/local/lib/libwaku.so', content: library }

afterEach(() => { vi.unstubAllEnvs() })

describe('fetching the library', () => {
  it('unpacks it, and it alone, from a Debian package of the release', async () => {
    const deb = debOf(await tarGzOf({ name: './usr/local/include/libwaku.h', content: Buffer.from('int') }, inDeb, { name: './usr/local/lib/libwaku.a', content: library }))
    fetching.server.release([{ content: deb }])
    const path = join(fetching.folder, 'libwaku.so')
    expect(await fetching.fetch()).toMatchObject({ path, version: 'v0.38.1', wasThere: false, source: fetching.server.url(`/files/${debName}`), sourceSha256: sha256(deb) })
    expect(readFileSync(path).equals(library)).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o755 & ~process.umask())
    expect(fetching.files()).toEqual(['fetched.json', 'libwaku.so'])
  })

  it('unpacks the macOS archive', async () => {
    const content = machOLibrary('arm64')
    fetching.server.release([{ name: 'libwaku-v0.38.1-arm64-macos.tar.gz', content: await tarGzOf({ name: 'build/libwaku.a', content }, { name: 'build/libwaku.dylib', content }, { name: 'library/libwaku.h' }) }])
    const { path } = await fetching.fetch({ platform: 'darwin' })
    expect(path).toBe(join(fetching.folder, 'libwaku.dylib'))
    expect(readFileSync(path).equals(content)).toBe(true)
  })

  it.each(['xz', 'zstd'] as const)('unpacks a package that is compressed with %s', async (program) => {
    const payload = compress(program, await tarOf(inDeb))
    if (payload === undefined) return
    fetching.server.release([{ content: debOf(payload, `data.tar.${program === 'xz' ? 'xz' : 'zst'}`) }])
    const { path } = await fetching.fetch()
    expect(readFileSync(path).equals(library)).toBe(true)
  })

  it('takes a library that is not packed at all', async () => {
    fetching.server.release([{ name: 'libwaku-linux-aarch64.so', content: library }])
    expect(readFileSync((await fetching.fetch()).path).equals(library)).toBe(true)
  })

  it('takes liblogosdelivery where there is no libwaku, and libwaku where there are both', async () => {
    const other = { name: 'lib/liblogosdelivery.so', content: elfLibrary({ soname: 'liblogosdelivery.so' }) }
    fetching.server.release([{ content: await tarGzOf(other), name: 'one-liblogosdelivery-linux-arm64.tar.gz' }], 'v1')
    expect((await fetching.fetch({ version: 'v1', into: join(fetching.folder, '1') })).path).toMatch(/liblogosdelivery\.so$/)
    fetching.server.release([{ content: debOf(await tarGzOf(other, inDeb)) }], 'v2')
    expect((await fetching.fetch({ version: 'v2', into: join(fetching.folder, '2') })).path).toMatch(/libwaku\.so$/)
  })

  it('tells how it gets on', async () => {
    const deb = debOf(await tarGzOf(inDeb))
    fetching.server.release([{ content: deb }])
    const seen: Progress[] = []
    await fetching.fetch({ onProgress: (progress) => seen.push(progress) })
    expect(seen.map(({ receivedBytes }) => receivedBytes)).toEqual(seen.map(({ receivedBytes }) => receivedBytes).sort((a, b) => a - b))
    expect(seen.at(-1)).toEqual({ receivedBytes: deb.length, totalBytes: deb.length })
  })

  it('asks nobody when it is there, and fetches it again when it was changed', async () => {
    fetching.server.release([{ content: debOf(await tarGzOf(inDeb)) }])
    const { path } = await fetching.fetch()
    const numAsked = fetching.server.log.length
    expect(await fetching.fetch()).toMatchObject({ path, wasThere: true })
    expect(fetching.server.log).toHaveLength(numAsked)
    writeFileSync(path, 'something else')
    expect(await fetching.fetch()).toMatchObject({ path, wasThere: false })
    expect(readFileSync(path).equals(library)).toBe(true)
  })

  it('fetches again for another platform and another digest', async () => {
    const content = await tarGzOf({ name: 'libwaku.dylib', content: machOLibrary('x64') })
    fetching.server.release([{ content: debOf(await tarGzOf(inDeb)) }, { name: 'libwaku-amd64-macos.tar.gz', content }])
    await fetching.fetch()
    expect((await fetching.fetch({ platform: 'darwin', arch: 'x64' })).path).toMatch(/dylib$/)
    await expectRejection(fetching.fetch({ platform: 'darwin', arch: 'x64', sha256: '0'.repeat(64) }), 'WAKU_FETCH_FAILED', { reason: 'wrong-digest' })
  })

  it('puts it into the folder of this user, by its version', async () => {
    fetching.server.release([{ content: debOf(await tarGzOf(inDeb)) }], 'v0.39.0')
    vi.stubEnv('XDG_DATA_HOME', fetching.folder)
    vi.stubEnv('NWAKU_RELEASES_URL', fetching.server.releasesUrl)
    const { path } = await fetchLibwaku({ version: 'latest', platform: 'linux', arch: 'arm64' })
    expect(path).toMatch(process.platform === 'darwin' ? /Application Support/ : `${fetching.folder}/nwaku-desktop/libwaku/v0.39.0/libwaku.so`)
  })

  it('takes a file that is given, under the version in its name', async () => {
    const source = join(fetching.folder, '../libwaku-v0.37.4-arm64.deb')
    writeFileSync(source, debOf(await tarGzOf(inDeb)))
    expect(await fetching.fetch({ from: source })).toMatchObject({ version: 'v0.37.4', source })
    expect(fetching.server.log).toEqual([])
    await expectRejection(fetching.fetch({ from: source, sha256: '0'.repeat(64) }), 'WAKU_FETCH_FAILED', { reason: 'wrong-digest' })
  })

  it('takes an address that is given only with a digest', async () => {
    const content = debOf(await tarGzOf(inDeb))
    fetching.server.release([{ content }])
    const from = fetching.server.url(`/files/${debName}`)
    await expectRejection(fetching.fetch({ from }), 'WAKU_FETCH_FAILED', { reason: 'no-digest' })
    expect(await fetching.fetch({ from, sha256: sha256(content).toUpperCase() })).toMatchObject({ source: from })
  })

  it('fetches twice at once without one seeing the other', async () => {
    fetching.server.release([{ content: debOf(await tarGzOf(inDeb)) }])
    const paths = await Promise.all(Array.from({ length: 4 }, async () => (await fetching.fetch()).path))
    expect(new Set(paths)).toEqual(new Set([join(fetching.folder, 'libwaku.so')]))
    expect(fetching.files()).toEqual(['fetched.json', 'libwaku.so'])
  })

  it('opens the library, where it is for this machine, and tells its generation', async () => {
    const content = openableLibrary('b')
    if (content === undefined) return
    fetching.server.release([{ name: `libwaku-linux-${process.arch}.so`, content }])
    expect(await fetching.fetch({ arch: process.arch })).toMatchObject({ generation: 'B' })
  })

  it('refuses a library of a generation that it does not know', async () => {
    const content = openableLibrary('c0')
    if (content === undefined) return
    fetching.server.release([{ name: `libwaku-linux-${process.arch}.so`, content }])
    await expectRejection(fetching.fetch({ arch: process.arch }), 'WAKU_FETCH_FAILED', { reason: 'unknown-library' })
    expect(fetching.files().filter((name) => !name.startsWith('.partial'))).toEqual([])
  })

  it.each([
    ['a version that is a path', { version: '../../etc' }, 'options.version'],
    ['a digest that is none', { sha256: 'abc' }, 'options.sha256'],
    ['a file that is not there', { from: '/nowhere/libwaku.deb' }, 'options.from'],
    ['a folder without a name', { into: '' }, 'options.into'],
    ['a mirror that is no address', { releasesUrl: 'ftp://example.org' }, 'options.releasesUrl']
  ])('refuses %s', async (_what, options, argument) => {
    await expectRejection(fetching.fetch(options), 'WAKU_INVALID_ARGUMENT', { argument })
    expect(fetching.server.log).toEqual([])
  })
})
