import { pipeline } from 'node:stream/promises'
import { extract, type Header } from 'tar-stream'

type Bytes = AsyncIterable<Uint8Array>

/** What a tar archive holds under a name that was looked for. */
export interface Found {
  /** The last part of its path, without the numbers of a version. */
  readonly fileName: string
  readonly content: Bytes
}

/**
 * Goes through a tar archive and gives out the files of certain names; each must be read before the next is asked for.
 * Only plain files count: a link says nothing about what it leads to, and nothing is ever written under a path of the archive.
 *
 * @throws what a broken archive gives rise to.
 */
export async function * findInTar (source: Bytes, fileNames: readonly string[]): AsyncGenerator<Found> {
  const entries = extract()
  // When it fails the entries fail too, some without saying why.
  let cause: unknown
  const feeding = pipeline(source, entries).catch((error: unknown) => { cause = error })
  const explain = async (error: unknown): Promise<unknown> => {
    entries.destroy()
    await feeding
    return cause ?? error
  }
  try {
    for await (const entry of entries) {
      const fileName = nameOf(entry.header)
      if (fileName !== undefined && fileNames.includes(fileName)) yield { fileName, content: explained(entry as Bytes, explain) }
      entry.resume()
    }
  } catch (error) {
    throw await explain(error)
  } finally {
    entries.destroy()
    await feeding
  }
}

async function * explained (content: Bytes, explain: (error: unknown) => Promise<unknown>): AsyncGenerator<Uint8Array> {
  try {
    yield * content
  } catch (error) {
    throw await explain(error)
  }
}

function nameOf ({ name, type }: Header): string | undefined {
  const parts = name.split('/')
  if (type !== 'file' || parts.includes('..')) return undefined
  return parts.at(-1)?.replace(/\.so(\.\d+)+$/, '.so')
}
