import { checkTokens, looseParse } from './loose-parse.js'
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
  | { readonly name: 'doctor', readonly options: CommonOptions }
  | { readonly name: 'fetch-libwaku', readonly options: FetchCommandOptions }

/** Options of fetch-libwaku, as they were typed: what they name checks them. */
export interface FetchCommandOptions extends CommonOptions {
  readonly version: string | undefined
  readonly from: string | undefined
  readonly sha256: string | undefined
  readonly into: string | undefined
}

const common = {
  json: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' }
} as const

const known = {
  connect: { type: 'string', multiple: true },
  listen: { type: 'boolean' },
  host: { type: 'string' },
  port: { type: 'string' },
  nick: { type: 'string' },
  room: { type: 'string' },
  store: { type: 'string' },
  ...common,
  version: { type: 'boolean' }
} as const

/** What is asked for by a word; the demo and the chat need none. */
const commands = ['doctor', 'fetch-libwaku'] as const

const knownOfFetch = {
  version: { type: 'string' },
  from: { type: 'string' },
  sha256: { type: 'string' },
  into: { type: 'string' },
  ...common
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
  const command = commandIn(args)
  if (command !== undefined) return parseCommand(command, args)
  const { values, tokens } = looseParse(args, known)
  checkTokens(tokens, known)
  if (values.help === true) return { name: 'help' }
  if (values.version === true) return { name: 'version' }
  const commonOptions = commonOf(values)
  const connect = (values.connect ?? []) as string[]
  const listen = values.listen === true
  if (!listen && connect.length === 0) {
    const orphan = ofChat.find((name) => values[name] !== undefined)
    if (orphan !== undefined) throw new UsageError(`--${orphan} is an option of the chat: add --listen or --connect <multiaddr>`)
    return { name: 'demo', options: commonOptions }
  }
  const text = (name: typeof ofChat[number]): string | undefined => values[name] as string | undefined
  return {
    name: 'chat',
    options: {
      ...commonOptions,
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

/** Finds the command's name: the first word, before which only options without a value may stand. */
function commandIn (args: readonly string[]): typeof commands[number] | undefined {
  const word = args.find((arg) => !['--json', '--verbose', '--help', '-h'].includes(arg))
  return commands.find((name) => name === word)
}

function parseCommand (name: typeof commands[number], args: readonly string[]): Command {
  const options = name === 'doctor' ? common : knownOfFetch
  const { values, tokens } = looseParse(args, options)
  checkTokens(tokens, options, name)
  if (values['help'] === true) return { name: 'help' }
  if (name === 'doctor') return { name, options: commonOf(values) }
  const { version, from, sha256, into } = values as Partial<Record<keyof typeof knownOfFetch, string>>
  return { name, options: { ...commonOf(values), version, from, sha256, into } }
}

function commonOf (values: Readonly<Record<string, unknown>>): CommonOptions {
  return { json: values['json'] === true, verbose: values['verbose'] === true }
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

function parsePort (text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) throw new UsageError('--port: must be a number from 0 to 65535')
  return Number(text)
}
