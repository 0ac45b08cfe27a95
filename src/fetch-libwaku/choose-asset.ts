import { fetchFailed } from './failure.js'
import type { Target } from './target.js'

/** A file of a release. */
export interface Asset {
  readonly name: string
  readonly url: string
  /** In bytes. */
  readonly size?: number | undefined
  /** SHA-256 as 64 lowercase hex digits. */
  readonly sha256?: string | undefined
}

const systems: Readonly<Record<string, RegExp>> = { linux: /linux|ubuntu|debian|\.deb$/, darwin: /macos|darwin|osx|apple/ }
const architectures: Readonly<Record<string, RegExp>> = { x64: /amd64|x86[_-]64|x64/, arm64: /arm64|aarch64/ }
const archive = /\.(deb|tar\.(gz|xz|zst)|tgz|txz|so|dylib)$/
const library = /lib(waku|logosdelivery)/

/**
 * Chooses the file of a release that holds the library for a platform. Upstream's names have changed over time, as in
 * `libwaku-v0.38.1-amd64-linux-linux.deb` and `libwaku-v0.38.1-arm64-macos.tar.gz`: what counts is what they name.
 *
 * @throws {WakuError} `WAKU_FETCH_FAILED`, which lists what there is.
 */
export function chooseAsset<A extends Asset> (assets: readonly A[], { platform, arch }: Target, release: string, source: string): A {
  const fitting = assets.filter(({ name }) => fits(name.toLowerCase(), platform, arch))
  const best = fitting.sort((one, other) => rank(one.name, release) - rank(other.name, release) || one.name.localeCompare(other.name))[0]
  if (best !== undefined) return best
  const there = assets.length === 0 ? 'It has no files.' : `It has ${assets.map(({ name }) => name).join(', ')}.`
  throw fetchFailed('no-asset', `Release ${release} has no library for ${platform}-${arch} under a name that this version knows. ${there} Give the right one with --from <url> --sha256 <digest>.`, source)
}

function fits (name: string, platform: NodeJS.Platform, arch: string): boolean {
  return library.test(name) && archive.test(name) &&
    onlyMatch(name, systems, platform) && (onlyMatch(name, architectures, arch) || (platform === 'darwin' && name.includes('universal')))
}

/** Whether a name matches the wanted pattern and none of the others. */
function onlyMatch (name: string, patterns: Readonly<Record<string, RegExp>>, wanted: string): boolean {
  return Object.entries(patterns).every(([key, pattern]) => pattern.test(name) === (key === wanted)) && wanted in patterns
}

/** Lower is better: libwaku before its successor, the release's own name before none. */
function rank (name: string, release: string): number {
  return (name.toLowerCase().includes('libwaku') ? 0 : 2) + (name.includes(release) ? 0 : 1)
}
