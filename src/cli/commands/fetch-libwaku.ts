import type { FetchedLibrary } from '../../fetch-libwaku/fetch-libwaku.js'
import { isWakuError } from '../../index.js'
import type { CommandContext } from '../context.js'
import { exitCodes } from '../exit-codes.js'
import type { FetchCommandOptions } from '../options.js'
import { printable } from '../printable.js'
import { ProgressLine } from '../progress-line.js'
import { UsageError } from '../usage-error.js'

/** Fetches the native library. Its path is the data; how it gets on goes to stderr. */
export async function fetchLibwakuCommand ({ version, from, sha256, into }: FetchCommandOptions, { output, signal }: CommandContext): Promise<number> {
  // A bundle of its own, which no other command needs.
  const { fetchLibwaku } = await import('../../fetch-libwaku/fetch-libwaku.js')
  const progress = new ProgressLine('fetching libwaku')
  try {
    const library = await fetchLibwaku({ version, from, sha256, into, signal, onProgress: (state) => progress.show(state) })
    progress.end()
    if (library.wasThere) output.note('It was there already, and is unchanged.')
    if (library.warning !== undefined) output.note(`It could not be tried here: ${printable(library.warning)}. "npx nwaku-desktop doctor" tells more.`)
    output.data(sentence(library), { type: 'fetched', ...library })
    return exitCodes.ok
  } catch (error) {
    progress.end()
    // What was typed is at fault, and is named as it was typed.
    if (isWakuError(error, 'WAKU_INVALID_ARGUMENT')) throw new UsageError(`--${error.details.argument.replace(/^options\./, '')}: ${error.details.reason}`)
    throw error
  }
}

function sentence ({ path, version, generation }: FetchedLibrary): string {
  return `libwaku ${version}${generation === undefined ? '' : `, generation ${generation}`}: ${path}`
}
