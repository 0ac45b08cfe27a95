#!/usr/bin/env node
// Fetches the native library for this clone: sets the clone up first, then does what `npx nwaku-desktop fetch-libwaku` does.
import { fileURLToPath } from 'node:url'
import { $ } from 'zx'

const root = fileURLToPath(new URL('..', import.meta.url))
const usage = `Usage: node scripts/fetch-libwaku.mjs [--version TAG] [--from SOURCE] [--sha256 HEX] [--into FOLDER] [--json]

Fetches the native library for this machine from upstream's releases. The options are those of the command line's fetch-libwaku.
`

const args = process.argv.slice(2)
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(usage)
} else {
  const run = $({ stdio: 'inherit', nothrow: true, quiet: true })
  const { exitCode } = await run`${process.execPath} ${root}scripts/setup.mjs`
  process.exitCode = exitCode || (await run`${process.execPath} ${root}dist/cli.js fetch-libwaku ${args}`).exitCode
}
