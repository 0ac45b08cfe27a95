import { describe, expect, it } from 'vitest'
import { expectError } from '../helpers/expect-rejection.js'
import { chooseAsset } from '../../src/fetch-libwaku/choose-asset.js'

const upstream = [
  'libwaku-v0.38.1-amd64-linux-linux.deb', 'libwaku-v0.38.1-amd64-macos.tar.gz', 'libwaku-v0.38.1-arm64-macos.tar.gz',
  'nwaku-v0.38.1-amd64-linux.tar.gz', 'wakunode2-v0.38.1-arm64-macos.tar.gz', 'libwaku-v0.38.1-amd64-linux-linux.deb.sha256', 'Source.zip'
]

function choose (names: readonly string[], platform: NodeJS.Platform, arch: string, release = 'v0.38.1'): string {
  return chooseAsset(names.map((name) => ({ name, url: `https://example.org/${name}` })), { platform, arch }, release, 'https://example.org').name
}

describe('the file of a release', () => {
  it.each([
    ['linux', 'x64', upstream, 'libwaku-v0.38.1-amd64-linux-linux.deb'],
    ['darwin', 'x64', upstream, 'libwaku-v0.38.1-amd64-macos.tar.gz'],
    ['darwin', 'arm64', upstream, 'libwaku-v0.38.1-arm64-macos.tar.gz'],
    ['linux', 'x64', ['libwaku_x86_64_ubuntu-22.04.tar.xz'], 'libwaku_x86_64_ubuntu-22.04.tar.xz'],
    ['linux', 'arm64', ['LibWaku-Linux-AArch64.tar.zst', 'libwaku-linux-x64.so'], 'LibWaku-Linux-AArch64.tar.zst'],
    ['darwin', 'arm64', ['libwaku-apple-darwin-universal.tgz'], 'libwaku-apple-darwin-universal.tgz'],
    ['linux', 'x64', ['liblogosdelivery-v0.38.1-amd64.deb', 'libwaku-amd64.deb', 'libwaku-v0.38.1-amd64.deb'], 'libwaku-v0.38.1-amd64.deb'],
    ['linux', 'x64', ['liblogosdelivery-v0.39.0-amd64.deb'], 'liblogosdelivery-v0.39.0-amd64.deb']
  ] as const)('is chosen for %s on %s from %j', (platform, arch, names, expected) => {
    expect(choose(names, platform, arch)).toBe(expected)
  })

  it.each([['linux', 'arm64'], ['linux', 'ia32'], ['win32', 'x64'], ['freebsd', 'x64']] as const)('is not guessed for %s on %s', (platform, arch) => {
    try {
      choose(upstream, platform, arch)
    } catch (error) {
      const { message } = expectError(error, 'WAKU_FETCH_FAILED', { reason: 'no-asset' })
      for (const name of upstream) expect(message).toContain(name)
      return
    }
    expect.unreachable('a file was chosen')
  })
})
