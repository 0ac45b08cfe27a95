import type { Logger } from '../index.js'
import type { Output } from './output.js'

/** Makes the logger of `--verbose`: each line of the node's log on stderr, under the name of the node. */
export function makeLogger (output: Output, name: string): Logger {
  const log = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>): void =>
    output.note(`${level} ${name}: ${message}${fields === undefined ? '' : ` ${JSON.stringify(fields)}`}`)
  return { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') }
}
