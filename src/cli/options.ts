import { parseArgs } from 'node:util'
import { suggestion } from './nearest.js'
import { printable } from './printable.js'
import { UsageError } from './usage-error.js'

/** Options of every command. */
export interface CommonOptions {
  readonly json: boolean
  readonly verbose: boolean
}

/** Options of the chat, checked as far as they need no node for it. */
export interface ChatOptions extends CommonOptions {
  /** Multiaddrs of the nodes to connect to. */
  readonly connect: readonly string[]
  readonly listen: boolean
  readonly host: string
  readonly port: number
  readonly nick: string | undefined
  readonly room: string
  /** URL of the store, as the node takes it. */
  readonly store: string | undefined
}

/** What a command line asks for. */
export type Command =
  | { readonly name: 'help' | 'version' }
  | { readonly name: 'demo', readonly options: CommonOptions }
  | { readonly name: 'chat', readonly options: ChatOptions }

const known = {
  connect: { type: 'string', multiple: true },
  listen: { type: 'boolean' },
  host: { type: 'string' },
  port: { type: 'string' },
  nick: { type: 'string' },
  room: { type: 'string' },
  store: { type: 'string' },
  json: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' }
} as const

const ofChat = ['host', 'port', 'nick', 'room', 'store'] as const

/** The longest nickname and the longest name of a room, in characters. */
export const maxNameLength = 32

/**
 * Reads the command line.
 *
 * @throws {UsageError} an unknown option is told with the nearest known one.
 */
export function parseCommandLine (args: readonly string[]): Command {
  // Not strict: its complaints name no alternative.
  const { values, tokens } = parseArgs({ args: [...args], options: known, strict: false, allowPositionals: true, tokens: true })
  for (const token of tokens) checkToken(token)
  if (values.help === true) return { name: 'help' }
  if (values.version === true) return { name: 'version' }
  const common = { json: values.json === true, verbose: values.verbose === true }
  const connect = (values.connect ?? []) as string[]
  const listen = values.listen === true
  if (!listen && connect.length === 0) {
    const orphan = ofChat.find((name) => values[name] !== undefined)
    if (orphan !== undefined) throw new UsageError(`--${orphan} is an option of the chat: add --listen or --connect <multiaddr>`)
    return { name: 'demo', options: common }
  }
  const text = (name: typeof ofChat[number]): string | undefined => values[name] as string | undefined
  return {
    name: 'chat',
    options: {
      ...common,
      connect,
      listen,
      host: text('host') ?? '0.0.0.0',
      port: parsePort(text('port') ?? '0'),
      nick: text('nick') === undefined ? undefined : checkName('--nick', text('nick') ?? ''),
      room: checkRoom('--room', text('room') ?? 'lobby'),
      store: text('store')
    }
  }
}

/** Checks a nickname, and returns it without what a terminal would not show. @throws {UsageError} */
export function checkName (what: string, value: string): string {
  const name = printable(value).trim()
  if (name === '' || name.length > maxNameLength) throw new UsageError(`${what}: a name has 1 to ${maxNameLength} characters`)
  return name
}

/** Checks the name of a room, which becomes a part of a content topic. @throws {UsageError} */
export function checkRoom (what: string, value: string): string {
  const room = checkName(what, value)
  if (/[/\s]/.test(room)) throw new UsageError(`${what}: the name of a room has no slash and no space`)
  return room
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]

function checkToken (token: Token): void {
  if (token.kind === 'positional') throw new UsageError(`'${printable(token.value)}' is no command; see --help`)
  if (token.kind !== 'option') return
  if (!Object.hasOwn(known, token.name)) {
    const names = Object.keys(known).map((name) => `--${name}`)
    throw new UsageError(`unknown option ${printable(token.rawName)}: ${suggestion(token.rawName, names)}`)
  }
  const { type } = known[token.name as keyof typeof known]
  if (type === 'boolean' && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value`)
  const isMissing = token.value === undefined || token.value === '' || (!token.inlineValue && token.value.startsWith('-'))
  if (type === 'string' && isMissing) throw new UsageError(`${token.rawName} needs a value`)
}

function parsePort (text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) throw new UsageError('--port: must be a number from 0 to 65535')
  return Number(text)
}
