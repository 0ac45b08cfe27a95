import { parseArgs, type ParseArgsConfig } from 'node:util'
import { suggestion } from './nearest.js'
import { printable } from './printable.js'
import { UsageError } from './usage-error.js'

type Options = NonNullable<ParseArgsConfig['options']>
type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]

/** Parses a command line without any check; Node's own complaints name no alternative. */
export function looseParse<O extends Options> (args: readonly string[], options: O): { values: Partial<Record<keyof O, unknown>>, tokens: readonly Token[] } {
  const { values, tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true })
  return { values, tokens }
}

/**
 * Checks that there is nothing on a command line but known options, and the command's own name.
 *
 * @throws {UsageError} an unknown option is told with the nearest known one.
 */
export function checkTokens (tokens: readonly Token[], known: Options, command?: string): void {
  for (const token of tokens) {
    if (token.kind === 'positional' && token.value !== command) throw new UsageError(`'${printable(token.value)}' is no command; see --help`)
    if (token.kind === 'option') checkOption(token, known)
  }
}

function checkOption (token: Extract<Token, { kind: 'option' }>, known: Options): void {
  const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined
  if (option === undefined) {
    const names = Object.keys(known).map((name) => `--${name}`)
    throw new UsageError(`unknown option ${printable(token.rawName)}: ${suggestion(token.rawName, names)}`)
  }
  if (option.type === 'boolean' && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value`)
  const isMissing = token.value === undefined || token.value === '' || (!token.inlineValue && token.value.startsWith('-'))
  if (option.type === 'string' && isMissing) throw new UsageError(`${token.rawName} needs a value`)
}
