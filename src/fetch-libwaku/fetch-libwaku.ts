import { basename, join } from 'node:path'
import { isWakuError, reasonOf, WakuError } from '../errors.js'
import { misfitOf, type Misfit } from '../backends/libwaku/binary/misfit.js'
import { probeLibrary } from '../backends/libwaku/probe/probe-library.js'
import { removeQuarantine } from '../backends/libwaku/quarantine.js'
import { chooseAsset, type Asset } from './choose-asset.js'
import { download, type Download } from './download.js'
import { fetchFailed, withoutCredentials } from './failure.js'
import { resolveFetchOptions, type FetchOptions, type FetchRequest } from './fetch-options.js'
import { findRelease } from './find-release.js'
import { hashFile } from './hash-file.js'
import { HttpClient } from './http-client.js'
import { installFile } from './install-file.js'
import { PartialDownload } from './partial-download.js'
import { readRecord, writeRecord, type FetchRecord } from './record.js'
import { extractLibrary } from './unpack/extract-library.js'

/** A library that is there. */
export interface FetchedLibrary {
  readonly path: string
  readonly version: string
  /** Of its ABI, where it could be opened here: A is libwaku up to v0.37, B is v0.38, C is liblogosdelivery. */
  readonly generation?: 'A' | 'B' | 'C' | undefined
  /** Where it is from, and the SHA-256 of that file. */
  readonly source: string
  readonly sourceSha256: string
  /** It was there before, unchanged, and nothing was fetched. */
  readonly wasThere: boolean
  /** Why it could not be opened here, though it is what was announced. */
  readonly warning?: string | undefined
}

type Fitted = Pick<FetchedLibrary, 'generation' | 'warning'>

/**
 * Brings the native library for a platform from upstream's releases: checks the digest that the release lists, unpacks
 * the library alone, and looks whether it is one that this version can use. What is there already is not fetched again,
 * what was interrupted is gone on with, and nothing incomplete is ever seen under the library's name.
 *
 * @throws {WakuError} `WAKU_FETCH_FAILED`, whose message says what to do; `WAKU_INVALID_ARGUMENT`, `WAKU_ABORTED`.
 */
export async function fetchLibwaku (options: FetchOptions = {}): Promise<FetchedLibrary> {
  const request = resolveFetchOptions(options)
  try {
    request.signal.throwIfAborted()
    return await findThere(request) ?? await fetchAndInstall(request)
  } catch (error) {
    if (request.signal.aborted) throw new WakuError('WAKU_ABORTED', 'fetching the library was aborted', { operation: 'fetch' }, { cause: error })
    throw isWakuError(error) ? error : ofDisk(error, request)
  }
}

/** A file that is given by hand is always taken: it may be another one than the last time. */
async function findThere ({ from, into, version, sha256, target, signal }: FetchRequest): Promise<FetchedLibrary | undefined> {
  if (from !== undefined || version === 'latest') return undefined
  const record = await readRecord(into, signal)
  const isWanted = record?.version === version && record.platform === target.platform && record.arch === target.arch && (sha256 === undefined || record.sourceSha256 === sha256)
  return isWanted ? describe(record, into, { generation: record.generation }, true) : undefined
}

async function fetchAndInstall (request: FetchRequest): Promise<FetchedLibrary> {
  if (request.from !== undefined && 'path' in request.from) {
    const { path } = request.from
    const sha256 = await hashFile(path, request.signal)
    if (request.sha256 !== undefined && sha256 !== request.sha256) throw fetchFailed('wrong-digest', `${path} is not the file that was announced: its SHA-256 is ${sha256}.`, path)
    return await install(path, path, sha256, request)
  }
  const client = new HttpClient(request.limits, request.signal)
  try {
    const { file, version } = await findFile(client, request)
    // What `latest` stands for is known only now.
    const into = request.version === version ? request.into : request.into.replace(/latest$/, version)
    return await downloadAndInstall(client, file, { ...request, version, into })
  } finally {
    await client.close()
  }
}

async function findFile (client: HttpClient, { from, version, sha256, releasesUrl, target, limits, signal }: FetchRequest): Promise<{ file: Download, version: string }> {
  if (from !== undefined && 'url' in from) return { file: withDigest({ name: from.url, url: from.url }, sha256), version }
  const release = await findRelease(client, releasesUrl, version, limits, signal)
  const asset = chooseAsset(release.assets, target, release.version, withoutCredentials(releasesUrl))
  return { file: withDigest(asset, sha256), version: release.version }
}

function withDigest (asset: Asset, given: string | undefined): Download {
  const sha256 = given ?? asset.sha256
  if (sha256 !== undefined) return { ...asset, sha256 }
  throw fetchFailed('no-digest', `Nothing tells what ${withoutCredentials(asset.url)} is to hold, so it cannot be checked. Give its SHA-256 with --sha256.`, asset.url)
}

async function downloadAndInstall (client: HttpClient, file: Download, request: FetchRequest): Promise<FetchedLibrary> {
  const partial = await PartialDownload.claim(join(request.into, '.partial'), file.sha256)
  let isDone = false
  try {
    await download(file, partial, { client, limits: request.limits, signal: request.signal, onProgress: request.onProgress })
    const library = await install(partial.path, withoutCredentials(file.url), file.sha256, request)
    isDone = true
    return library
  } finally {
    await (isDone ? partial.discard() : partial.park())
  }
}

async function install (path: string, source: string, sourceSha256: string, request: FetchRequest): Promise<FetchedLibrary> {
  const { into, target, limits, signal, version } = request
  let fitted: Fitted = {}
  let sha256 = ''
  let fileName = ''
  await installFile(into, async (outputPath) => {
    fileName = await extractLibrary({ path, source, outputPath, target, limits, signal })
    await removeQuarantine(outputPath)
    fitted = await checkFit(outputPath, source, request)
    sha256 = await hashFile(outputPath, signal)
    return fileName
  })
  const record = { version, platform: target.platform, arch: target.arch, source, sourceSha256, fileName, sha256, generation: fitted.generation }
  await writeRecord(into, record)
  return describe(record, into, fitted, false)
}

const reasons: Record<Misfit['what'], 'no-library' | 'wrong-platform' | 'unknown-library'> = { kind: 'no-library', platform: 'wrong-platform', name: 'unknown-library' }

/** Looks at the library's headers and, where it is for this machine and the bridge is there, opens it in another process. */
async function checkFit (path: string, source: string, { target, signal }: FetchRequest): Promise<Fitted> {
  const misfit = await misfitOf(path, target.platform, target.arch)
  if (misfit !== undefined) throw fetchFailed(reasons[misfit.what], `What ${source} holds cannot be used: ${misfit.reason}.`, source)
  if (target.platform !== process.platform || target.arch !== process.arch) return {}
  const { library, failure } = await probeLibrary({ library: path, signal })
  if (failure?.isUnknown === true) throw fetchFailed('unknown-library', `What ${source} holds cannot be used: ${failure.reason}.`, source)
  if (failure === undefined) return { generation: library?.generation }
  if (failure.step === 'driver') return { warning: 'the native addon does not load, so that the library could not be tried' }
  return { warning: failure.reason.replaceAll(path, basename(source)) }
}

function describe ({ version, source, sourceSha256, fileName }: FetchRecord, into: string, fitted: Fitted, wasThere: boolean): FetchedLibrary {
  return { path: join(into, fileName), version, ...fitted, source, sourceSha256, wasThere }
}

/** What the file system has to say. */
function ofDisk (error: unknown, { into }: FetchRequest): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return fetchFailed('no-space', `There is no room left in ${into}. Make room, or choose another folder with --into.`, into, { cause: error })
  if (error instanceof Error && 'syscall' in error) return fetchFailed('not-writable', `${into} cannot be used: ${reasonOf(error)}. Choose another folder with --into.`, into, { cause: error })
  return error instanceof Error ? error : new Error(reasonOf(error))
}
