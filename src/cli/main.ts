#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { isWakuError } from '../index.js'
import { chat } from './commands/chat.js'
import { demo } from './commands/demo.js'
import { doctor } from './commands/doctor.js'
import { fetchLibwakuCommand } from './commands/fetch-libwaku.js'
import type { CommandContext } from './context.js'
import { exitCodes } from './exit-codes.js'
import { help } from './help.js'
import { parseCommandLine, type Command } from './options.js'
import { Output } from './output.js'
import { printable } from './printable.js'
import { UsageError } from './usage-error.js'

/** How long what a command has left behind may keep the process alive, in milliseconds. */
const lingerMs = 3000

const args = process.argv.slice(2)
const output = new Output(args.includes('--json'))
const interruption = new AbortController()
let interruptedExitCode: number = exitCodes.interrupted

for (const [name, code] of [['SIGINT', exitCodes.interrupted], ['SIGTERM', exitCodes.terminated]] as const) {
  process.on(name, () => {
    // The second time somebody is in a hurry.
    if (interruption.signal.aborted) process.exit(code)
    interrupt(code)
  })
}
// Whoever reads the data has enough of it, as `head` does.
process.stdout.on('error', () => interrupt(exitCodes.ok))

process.exitCode = await run()
setTimeout(() => process.exit(), lingerMs).unref()

function interrupt (code: number): void {
  interruptedExitCode = code
  interruption.abort()
}

async function run (): Promise<number> {
  try {
    return await execute(parseCommandLine(args), { output, signal: interruption.signal })
  } catch (error) {
    if (interruption.signal.aborted) return interruptedExitCode
    return explain(error)
  }
}

async function execute (command: Command, context: CommandContext): Promise<number> {
  switch (command.name) {
    case 'help':
      process.stdout.write(help)
      return exitCodes.ok
    case 'version':
      output.data(packageVersion(), { version: packageVersion() })
      return exitCodes.ok
    case 'demo':
      return await demo(command.options, context)
    case 'chat':
      return await chat(command.options, context)
    case 'doctor':
      return await doctor(command.options, context)
    case 'fetch-libwaku':
      return await fetchLibwakuCommand(command.options, context)
  }
}

function explain (error: unknown): number {
  const message = printable(error instanceof Error ? error.message : String(error))
  // The demo tells at which step; what happened is the cause.
  const failure = error instanceof Error && error.cause !== undefined && !isWakuError(error) ? error.cause : error
  output.note(`nwaku-desktop: ${message}${isWakuError(failure) ? ` (${failure.code})` : ''}`)
  if (error instanceof UsageError) {
    output.note('Try --help.')
    return exitCodes.usage
  }
  if (args.includes('--verbose') && error instanceof Error && error.stack !== undefined) output.note(error.stack)
  return isWakuError(failure, 'WAKU_UNAVAILABLE') ? exitCodes.unavailable : exitCodes.failed
}

function packageVersion (): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  return version
}
