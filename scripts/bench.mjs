// Runs the benchmarks of test/bench and prints a table of their figures. `--help` tells how.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installBaseline } from './bench/install-baseline.mjs'
import { loadFigures } from './bench/load-figures.mjs'
import { jsonPrinter, tablePrinter } from './bench/print-rows.mjs'

const usage = `Usage: npm run bench -- [options]

  --only NAME  run the figures whose name begins so, as relay or relay.latency.p99
  --runs N     measure each side N times and take the median; 3, the least, by default
  --json       print one JSON object a line instead of a table
  --list       print the names of the figures
  --help       print this

"baseline" is what a figure is compared with: @waku/relay from npm in the same run; for the archive and the store, the same with
10 000 messages; for native.*, a C program that does the same with the same library, which LIBWAKU_PATH names. soak takes 15 minutes
and runs only when --only names it. "ratio" is value / baseline. Progress goes to stderr.
`

const root = fileURLToPath(new URL('..', import.meta.url))
const benchFolder = join(root, 'test/bench')

process.exitCode = await main()

async function main () {
  const options = parseOptions()
  if (options.help) {
    process.stdout.write(usage)
    return 0
  }
  const modules = await loadFigures(root)
  const names = modules.flatMap(({ figures }) => figures).sort()
  if (options.list) {
    process.stdout.write(names.join('\n') + '\n')
    return 0
  }
  const selected = modules.filter(({ figures, isOnDemand = false }) => figures.some((name) => name.startsWith(options.only)) && !(isOnDemand && options.only === ''))
  if (selected.length === 0) {
    fail(`no figure begins with '${options.only}'. There are:\n${names.map((name) => `  ${name}\n`).join('')}`)
  }
  if (selected.some(({ usesBaseline }) => usesBaseline)) await installBaseline(join(benchFolder, 'baseline'), progress)
  return await run(selected, options)
}

function parseOptions () {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', default: '' },
        runs: { type: 'string', default: '3' },
        json: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false }
      }
    })
    if (!/^\d+$/.test(values.runs) || Number(values.runs) < 3) throw new Error('--runs must be a whole number, at least 3')
    return { ...values, runs: Number(values.runs) }
  } catch (error) {
    return fail(`${error.message}\n\n${usage}`)
  }
}

async function run (modules, { only, runs, json }) {
  const folder = mkdtempSync(join(tmpdir(), 'nwaku-desktop-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
  const programs = { ours: join(benchFolder, 'peer.mjs'), baseline: join(benchFolder, 'baseline/peer.mjs') }
  const print = json ? jsonPrinter() : tablePrinter()
  let exitCode = 0
  for (const { figures, measure } of modules) {
    try {
      for await (const row of measure({ runs, folder, programs, progress })) {
        if (row.figure.startsWith(only)) print(row)
      }
    } catch (error) {
      progress(`${figures.join(', ')} failed: ${error.stack}`)
      exitCode = 1
    }
  }
  return exitCode
}

function progress (line) {
  process.stderr.write(`${line}\n`)
}

function fail (text) {
  process.stderr.write(`bench: ${text}`)
  process.exit(2)
}
