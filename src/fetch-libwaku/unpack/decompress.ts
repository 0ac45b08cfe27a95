import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Decompress } from 'fzstd'
import xzDecompress from 'xz-decompress'
import type { Format } from './format.js'

type Bytes = AsyncIterable<Uint8Array>

const decompressors: Partial<Record<Format, (source: Readable) => Bytes>> = {
  tar: (source) => source,
  gzip: (source) => {
    const gunzip = createGunzip()
    // pipe() leaves a failed source's target waiting.
    source.on('error', (error) => gunzip.destroy(error))
    return source.pipe(gunzip) as Bytes
  },
  xz: (source) => new xzDecompress.XzReadableStream(Readable.toWeb(source) as ReadableStream<Uint8Array>),
  zstd: unzstd
}

/** Returns what a stream holds once it is decompressed, as it is read; undefined for formats that are no compression. */
export function decompress (source: Readable, format: Format): Bytes | undefined {
  return decompressors[format]?.(source)
}

// So few bytes stand for at most 32 MiB: fzstd gives all of it at once.
const sliceBytes = 1024

async function * unzstd (source: Readable): AsyncGenerator<Uint8Array> {
  let output: Uint8Array[] = []
  const stream = new Decompress((chunk) => output.push(chunk))
  for await (const chunk of source) {
    const bytes = chunk as Buffer
    for (let at = 0; at < bytes.length; at += sliceBytes) {
      stream.push(bytes.subarray(at, at + sliceBytes))
      yield * output
      output = []
    }
  }
  stream.push(new Uint8Array(0), true)
  yield * output
}
