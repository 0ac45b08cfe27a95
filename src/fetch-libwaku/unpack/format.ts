import { isBinary } from '../../backends/libwaku/binary/read-binary.js'

/** What a file or a part of one is, going by how it begins; names prove nothing. */
export type Format = 'ar' | 'gzip' | 'xz' | 'zstd' | 'binary' | 'tar' | 'unknown'

/** How many bytes {@link formatOf} looks at. */
export const startBytes = 512

const magic: ReadonlyArray<readonly [Format, Buffer]> = [
  ['ar', Buffer.from('!<arch>\n')],
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])]
]

export function formatOf (start: Buffer): Format {
  if (isBinary(start)) return 'binary'
  // A tar archive says so in its first entry.
  if (start.subarray(257, 262).toString('latin1') === 'ustar') return 'tar'
  return magic.find(([, bytes]) => start.subarray(0, bytes.length).equals(bytes))?.[0] ?? 'unknown'
}
