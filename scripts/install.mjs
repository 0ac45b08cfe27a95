#!/usr/bin/env node
// Runs when the package is installed: compiles the addon where none that was brought along fits. Never fails an install:
// without the addon the JS backend works. Uses nothing but Node's own modules.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const usage = `Usage: node scripts/install.mjs [--help]

Compiles the native addon of nwaku-desktop, unless one fits this machine already. Ends with exit code 0 in any case.
NWAKU_SKIP_COMPILE=1 leaves it out.
`
const timeoutMs = 15 * 60_000

// Others may hand over arguments of their own: `npm rebuild -- …`.
const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } }, strict: false })

if (values.help === true) process.stdout.write(usage)
else install()

function install () {
  // A clone is set up by scripts/setup.mjs.
  if (existsSync(join(root, 'src')) || process.env.NWAKU_SKIP_COMPILE === '1') return
  if (process.platform !== 'linux' && process.platform !== 'darwin') return
  const loadable = candidates().find(loads)
  if (loadable !== undefined) return
  report(`no addon fits ${process.platform}-${process.arch}, so it is compiled now …`)
  const problem = compile()
  if (problem === undefined) report('done')
  else report(`not compiled: ${problem}\nThe JS backend works without it. For the native one install a C++17 compiler, make and Python 3, then: npm rebuild nwaku-desktop`)
}

function candidates () {
  const prebuilds = join(root, 'prebuilds', `${process.platform}-${process.arch}`)
  const brought = existsSync(prebuilds) ? readdirSync(prebuilds).filter((name) => name.endsWith('.node')).map((name) => join(prebuilds, name)) : []
  return [...brought, join(root, 'native/build/Release/waku_addon.node')].filter((path) => existsSync(path))
}

/** Tried in a process of its own: one for another libc may do worse than fail. */
function loads (path) {
  return spawnSync(process.execPath, ['-e', 'require(process.argv[1])', path], { stdio: 'ignore', timeout: 30_000 }).status === 0
}

/** Returns what went wrong. */
function compile () {
  const nodeGyp = findNodeGyp()
  const headers = join(process.execPath, '../..')
  const nodedir = existsSync(join(headers, 'include/node/node_api.h')) && process.env.npm_config_nodedir === undefined ? [`--nodedir=${headers}`] : []
  const args = ['rebuild', '-C', join(root, 'native'), ...nodedir]
  const [command, commandArgs] = nodeGyp === undefined ? ['node-gyp', args] : [process.execPath, [nodeGyp, ...args]]
  const { status, signal, error, stderr } = spawnSync(command, commandArgs, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 })
  if (error?.code === 'ENOENT') return 'there is no node-gyp'
  if (status === 0 && loads(join(root, 'native/build/Release/waku_addon.node'))) return undefined
  return error?.message ?? lastWords(stderr ?? '') ?? `node-gyp ended with ${signal ?? `exit code ${status}`}`
}

/** npm brings one along and says where; other package managers may not. */
function findNodeGyp () {
  const path = process.env.npm_config_node_gyp
  if (path !== undefined && existsSync(path)) return path
  try {
    return createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js')
  } catch {
    return undefined
  }
}

/** The line that says what is missing. */
function lastWords (stderr) {
  return stderr.split('\n').find((line) => /\berror\b.*:|ERR! (stack|find Python)|not found/i.test(line))?.trim()
}

function report (text) {
  console.error(`nwaku-desktop: ${text}`)
}
