import { open, type FileHandle } from 'node:fs/promises'
import type { Asset } from './choose-asset.js'
import { fetchFailed, Transient, withoutCredentials } from './failure.js'
import { hashFile } from './hash-file.js'
import type { Answer, HttpClient } from './http-client.js'
import type { Limits } from './limits.js'
import type { PartialDownload } from './partial-download.js'
import { withRetries } from './with-retries.js'

/** Where a download stands. */
export interface Progress {
  readonly receivedBytes: number
  /** Undefined while it is not known. */
  readonly totalBytes: number | undefined
}

/** What is downloaded: an asset whose digest is known. */
export interface Download extends Asset {
  readonly sha256: string
}

/** What a download needs besides. */
export interface DownloadTools {
  readonly client: HttpClient
  readonly limits: Limits
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/**
 * Downloads a file to where a partial download stands, goes on from what is there, and checks the digest of the whole.
 *
 * @throws {WakuError} `WAKU_FETCH_FAILED`; what has arrived stays, unless it is wrong.
 */
export async function download (file: Download, partial: PartialDownload, tools: DownloadTools): Promise<void> {
  const resumed = await partial.size() > 0
  if (await partial.size() !== file.size || file.size === 0) await transfer(file, partial, tools)
  if (await hashFile(partial.path, tools.signal) === file.sha256) return
  await empty(partial)
  // The fault may lie in what an earlier attempt left.
  if (!resumed) throw fetchFailed('wrong-digest', `${withoutCredentials(file.url)} is not the file that was announced: its SHA-256 is not ${file.sha256}. Nothing was installed; do not use that file.`, file.url)
  await download(file, partial, tools)
}

async function transfer (file: Download, partial: PartialDownload, tools: DownloadTools): Promise<void> {
  await withRetries(async () => {
    const answer = await ask(file, partial, tools)
    try {
      await receive(answer, file, partial, tools)
    } finally {
      answer.discard()
    }
  }, tools.limits, tools.signal)
}

async function ask ({ url }: Download, partial: PartialDownload, { client }: DownloadTools): Promise<Answer> {
  const size = await partial.size()
  const validator = await partial.validator()
  // Without a validator nobody can tell whether what is there is of the same file.
  if (size === 0 || validator === undefined) return await client.get(new URL(url))
  return await client.get(new URL(url), { 'range': `bytes=${size}-`, 'if-range': validator })
}

async function receive (answer: Answer, file: Download, partial: PartialDownload, { limits, onProgress }: DownloadTools): Promise<void> {
  const begin = await beginOf(answer, partial)
  const total = totalOf(answer, begin)
  const where = withoutCredentials(file.url)
  if (file.size !== undefined && total !== undefined && total !== file.size) {
    throw fetchFailed('wrong-length', `${where} has ${total} bytes; ${file.size} were announced.`, file.url)
  }
  if ((file.size ?? total ?? 0) > limits.maxAssetBytes) {
    throw fetchFailed('too-large', `${where} has more than the ${limits.maxAssetBytes} bytes that a library may have.`, file.url)
  }
  if ((answer.headers['content-type'] ?? '').startsWith('text/html')) {
    throw fetchFailed('unexpected-content', `${where} is a web page; is there a login page of a network or a proxy in between?`, file.url)
  }
  const limit = file.size ?? total ?? limits.maxAssetBytes
  let received = begin
  const output = await open(partial.path, begin === 0 ? 'w' : 'r+')
  try {
    await partial.setValidator(validatorOf(answer))
    onProgress({ receivedBytes: received, totalBytes: total ?? file.size })
    for await (const chunk of answer.body) {
      if (received + chunk.length > limit) throw fetchFailed('too-large', `${where} goes on after the ${limit} bytes that it may have.`, file.url)
      await writeAll(output, chunk, received)
      received += chunk.length
      onProgress({ receivedBytes: received, totalBytes: total ?? file.size })
    }
  } finally {
    await output.close()
  }
  const expected = file.size ?? total ?? received
  if (received < expected) throw new Transient(fetchFailed('wrong-length', `${where} ends after ${received} of ${expected} bytes.`, file.url))
}

/** Returns at which byte the answer begins. One that does not continue what is there makes that worthless. */
async function beginOf ({ status, headers, url }: Answer, partial: PartialDownload): Promise<number> {
  if (status === 200) return 0
  const size = await partial.size()
  if (status === 206 && headers['content-range']?.startsWith(`bytes ${size}-`) === true) return size
  await empty(partial)
  throw new Transient(fetchFailed('unexpected-content', `${withoutCredentials(url)} does not continue where it was asked to.`, url))
}

function totalOf ({ status, headers }: Answer, begin: number): number | undefined {
  if (status === 206) {
    const total = /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1]
    if (total !== undefined) return Number(total)
  }
  const length = headers['content-length']
  return length === undefined ? undefined : begin + Number(length)
}

/** Weak tags may name different bytes. */
function validatorOf ({ headers }: Answer): string | undefined {
  const tag = headers['etag']
  return tag !== undefined && !tag.startsWith('W/') ? tag : headers['last-modified']
}

async function empty (partial: PartialDownload): Promise<void> {
  await partial.setValidator(undefined)
  await (await open(partial.path, 'w')).close()
}

async function writeAll (file: FileHandle, chunk: Buffer, at: number): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    done += (await file.write(chunk, done, chunk.length - done, at + done)).bytesWritten
  }
}
