import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { isWakuError, reasonOf } from '../../errors.js'
import { libraryFileNames } from '../../backends/libwaku/library-file-names.js'
import { fetchFailed } from '../failure.js'
import type { Limits } from '../limits.js'
import type { Target } from '../target.js'
import { findDebianPayload, type Stretch } from './ar.js'
import { decompress } from './decompress.js'
import { findInTar, type Found } from './find-in-tar.js'
import { formatOf, startBytes } from './format.js'

type Bytes = AsyncIterable<Uint8Array>

/** Where to unpack from and to. */
export interface Extraction {
  /** A Debian package, a tar archive with or without compression, or a library as it is. */
  readonly path: string
  /** How the file is called in errors. */
  readonly source: string
  /** The file that is written; what was in it is lost. */
  readonly outputPath: string
  readonly target: Target
  readonly limits: Limits
  readonly signal: AbortSignal
}

/**
 * Unpacks the native library, and nothing else, into a file, which reaches the disk before this returns.
 *
 * @returns the name that the library has.
 * @throws {WakuError} `WAKU_FETCH_FAILED`; the file is then worth nothing.
 */
export async function extractLibrary (extraction: Extraction): Promise<string> {
  const names = libraryFileNames(extraction.target.platform)
  const input = await open(extraction.path)
  const output = await open(extraction.outputPath, 'w', 0o755)
  try {
    let fileName: string | undefined
    for await (const found of librariesIn(input, names, extraction)) {
      await write(found.content, output, extraction)
      fileName = found.fileName
      // The preferred one; after the other the preferred one may still come.
      if (fileName === names[0]) break
    }
    if (fileName === undefined) throw fetchFailed('no-library', `${extraction.source} holds no ${names.join(' and no ')}. Give another file or release.`, extraction.source)
    await output.sync()
    return fileName
  } finally {
    await Promise.all([input.close(), output.close()])
  }
}

async function * librariesIn (input: FileHandle, names: readonly string[], { path, source, limits, signal }: Extraction): AsyncGenerator<Found> {
  const stretch = await payloadOf(input, source)
  const format = formatOf(await startOf(input, stretch.begin))
  // createReadStream's end is inclusive, and an empty stretch cannot be told to it.
  const stream: Readable = createReadStream(path, { start: stretch.begin, end: Math.max(stretch.begin, stretch.begin + stretch.length - 1), signal })
  try {
    if (format === 'binary') {
      yield { fileName: names[0] ?? '', content: typed(stream, source, signal) }
      return
    }
    const content = decompress(stream, format)
    if (content === undefined) throw fetchFailed('unexpected-content', `${source} is neither a Debian package nor a tar archive nor a library.`, source)
    for await (const found of findInTar(bounded(content, source, limits), names)) {
      yield { fileName: found.fileName, content: typed(found.content, source, signal) }
    }
  } catch (error) {
    throw typedError(error, source, signal)
  } finally {
    stream.destroy()
  }
}

/** The part of the file in which the library is packed. */
async function payloadOf (input: FileHandle, source: string): Promise<Stretch> {
  const whole = { begin: 0, length: (await input.stat()).size }
  if (formatOf(await startOf(input, 0)) !== 'ar') return whole
  const payload = await findDebianPayload(input)
  if (payload === undefined) throw broken(source, 'it has no data.tar, or only a part of it')
  return payload
}

async function startOf (input: FileHandle, begin: number): Promise<Buffer> {
  const { buffer, bytesRead } = await input.read(Buffer.alloc(startBytes), 0, startBytes, begin)
  return buffer.subarray(0, bytesRead)
}

/** Passes on what is read, with errors that say what broke. */
async function * typed (content: Bytes, source: string, signal: AbortSignal): Bytes {
  try {
    yield * content
  } catch (error) {
    throw typedError(error, source, signal)
  }
}

function typedError (error: unknown, source: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  return isWakuError(error) || isSystemError(error) ? error : broken(source, reasonOf(error), error)
}

/** Ends an archive that grows without bound as it is unpacked. */
async function * bounded (content: Bytes, source: string, { maxUnpackedBytes }: Limits): Bytes {
  let size = 0
  for await (const chunk of content) {
    size += chunk.length
    if (size > maxUnpackedBytes) throw fetchFailed('too-large', `${source} unpacks to more than ${maxUnpackedBytes} bytes; it is no release.`, source)
    yield chunk
  }
}

async function write (content: Bytes, output: FileHandle, { signal }: Extraction): Promise<void> {
  await output.truncate()
  let size = 0
  for await (const chunk of content) {
    signal.throwIfAborted()
    for (let done = 0; done < chunk.length;) {
      const { bytesWritten } = await output.write(chunk, done, chunk.length - done, size)
      done += bytesWritten
      size += bytesWritten
    }
  }
}

function broken (source: string, reason: string, cause?: unknown): Error {
  return fetchFailed('corrupt-archive', `${source} is broken: ${reason}. Fetch it again.`, source, { cause })
}

/** What the disk says, not the archive. zlib's errors have a code too, and no system call. */
function isSystemError (error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
