import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** What is longer comes in pieces. */
const maxLineCharacters = 8192

/** Calls a listener with each line of a text stream; a program that never ends its line takes no memory for it. */
export function readLines (stream: Readable, listener: (line: string) => void): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const take = (text: string): void => {
    const lines = (rest + text).split(/\r?\n/)
    rest = lines.pop() ?? ''
    if (rest.length > maxLineCharacters) {
      lines.push(rest)
      rest = ''
    }
    for (const line of lines) if (line !== '') listener(line.slice(0, maxLineCharacters))
  }
  stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)))
  stream.on('end', () => take(`${decoder.end()}\n`))
  stream.on('error', () => {})
}
