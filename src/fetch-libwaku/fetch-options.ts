import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchedLibraryFolder } from '../backends/libwaku/fetched-library.js'
import { checkSignal } from '../abort-listener.js'
import { invalidArgument } from '../errors.js'
import type { Progress } from './download.js'
import { defaultReleasesUrl } from './find-release.js'
import { defaultLimits, type Limits } from './limits.js'
import type { Target } from './target.js'

/** The release that this version is tested with. */
export const defaultVersion = 'v0.38.1'

/** What to fetch. */
export interface FetchOptions {
  /** A tag of upstream's releases, as in `v0.38.1`, the default, or `latest`. */
  readonly version?: string | undefined
  /** A path, or an http or https address, instead of what the release lists. */
  readonly from?: string | undefined
  /** SHA-256 of the file fetched (not of the library in it) as 64 hex digits; wins over what the release lists. */
  readonly sha256?: string | undefined
  /** The folder into which the library goes; by default one of this user's, where it is found again. */
  readonly into?: string | undefined
  /** Where releases are listed, in the form of GitHub's API; by default `NWAKU_RELEASES_URL`, or upstream's. */
  readonly releasesUrl?: string | undefined
  /** As in `process.platform` and `process.arch`, which are the defaults. */
  readonly platform?: NodeJS.Platform | undefined
  readonly arch?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Learns how the download gets on. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** @internal */
  readonly limits?: Partial<Limits> | undefined
}

/** Options that are checked and complete. */
export interface FetchRequest {
  readonly version: string
  readonly from: { readonly path: string } | { readonly url: string } | undefined
  readonly sha256: string | undefined
  readonly into: string
  readonly releasesUrl: string
  readonly target: Target
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
  readonly limits: Limits
}

/**
 * Checks options and fills in the defaults.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT`.
 */
export function resolveFetchOptions (options: FetchOptions): FetchRequest {
  checkSignal('options.signal', options.signal)
  const from = options.from === undefined ? undefined : locate(options.from)
  const version = options.version ?? (options.from === undefined ? defaultVersion : versionIn(options.from))
  // It becomes the name of a folder and a part of an address.
  if (!/^[A-Za-z0-9][\w.+-]{0,99}$/.test(version)) throw invalidArgument('options.version', "must be a release's tag, as in v0.38.1")
  if (options.sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(options.sha256)) throw invalidArgument('options.sha256', 'must be 64 hex digits')
  if (options.into === '') throw invalidArgument('options.into', 'must be a folder')
  const releasesUrl = options.releasesUrl ?? process.env['NWAKU_RELEASES_URL'] ?? defaultReleasesUrl
  if (!isWebAddress(releasesUrl)) throw invalidArgument('options.releasesUrl', 'must be an http or https address')
  return {
    version,
    from,
    sha256: options.sha256?.toLowerCase(),
    into: options.into === undefined ? join(fetchedLibraryFolder(), version) : resolve(options.into),
    releasesUrl,
    target: { platform: options.platform ?? process.platform, arch: options.arch ?? process.arch },
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
    limits: { ...defaultLimits, ...options.limits }
  }
}

function locate (from: string): { path: string } | { url: string } {
  if (isWebAddress(from)) return { url: from }
  const path = from.startsWith('file:') && URL.canParse(from) ? fileURLToPath(from) : resolve(from)
  if (!existsSync(path)) throw invalidArgument('options.from', `there is no ${path}; give a file, or an http or https address`)
  return { path }
}

function isWebAddress (text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text)
}

/** A file given by hand says its version in its name, or is called `custom`. */
function versionIn (from: string): string {
  return /v\d+\.\d+\.\d+(-(?:rc|beta|alpha)[\d.]*)?/.exec(basename(from))?.[0] ?? 'custom'
}
