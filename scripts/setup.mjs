#!/usr/bin/env node
// Makes a clone ready to run: installs the dependencies, builds dist/ and compiles the native addon, each only when it is missing or out
// of date.
// Runs before anything is installed, so it uses nothing but Node's own modules.
import { existsSync, utimesSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { changedAt, newestIn } from './setup/changed-at.mjs'
import { npm } from './setup/npm.mjs'
import { run } from './setup/run.mjs'
import { withLock } from './setup/lock.mjs'

const root = resolve(fileURLToPath(import.meta.url), '../..')
const leastNode = [20, 19]
// npm writes it at the end of an install.
const installStamp = join(root, 'node_modules/.package-lock.json')
// The last thing that a build writes.
const buildStamp = join(root, 'dist/THIRD-PARTY-NOTICES.txt')
// Written after each try to compile the addon, also after one that failed.
const addonStamp = join(root, '.cache/addon-tried')

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } })
if (values.help === true) {
  console.log('Usage: node scripts/setup.mjs\nInstalls the dependencies, builds dist/ and compiles the native addon where that is needed. Quick when nothing is. Progress goes to stderr.')
  process.exit(0)
}

process.exitCode = await setup()

async function setup () {
  try {
    checkNode()
    if (!isInstalled() || !isBuilt() || !isAddonTried()) await withLock(join(root, '.cache/setup.lock'), mend)
    return 0
  } catch (error) {
    console.error(`setup: ${error.message}`)
    return 1
  }
}

// Asked again under the lock: another setup may have done the work.
async function mend () {
  if (!isInstalled()) {
    const command = existsSync(join(root, 'node_modules')) ? 'install' : 'ci'
    console.error('setup: this takes half a minute or so, once')
    await run(`installing the dependencies (npm ${command})`, ...npm(command, '--include=dev', '--loglevel=error'))
    // npm leaves it alone when nothing had to change.
    utimesSync(installStamp, new Date(), new Date())
  }
  if (!isBuilt()) await run('building dist/', process.execPath, [join(root, 'scripts/build.mjs')])
  if (!isAddonTried()) await compileAddon()
}

// Without it the JS backend works, so nothing fails for want of a compiler.
async function compileAddon () {
  try {
    await run('compiling the native addon', process.execPath, [join(root, 'scripts/build-native.mjs')])
  } catch {
    console.error('setup: so the JS backend is used; for libwaku install a C++17 compiler, make and Python 3, then: npm run build:native')
  }
  writeFileSync(addonStamp, '')
}

function checkNode () {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1])) {
    throw new Error(`this project is developed on Node ${leastNode.join('.')} or newer, and this is ${process.versions.node}`)
  }
}

function isInstalled () {
  return changedAt(installStamp) >= changedAt(join(root, 'package-lock.json'))
}

function isBuilt () {
  const builtAt = changedAt(buildStamp)
  return ['src', 'scripts/build.mjs', 'scripts/bundle', 'package.json', 'node_modules/.package-lock.json'].every((path) => newestIn(join(root, path)) <= builtAt)
}

function isAddonTried () {
  if (process.platform !== 'linux' && process.platform !== 'darwin') return true
  return ['src', 'binding.gyp'].every((path) => newestIn(join(root, 'native', path)) <= changedAt(addonStamp))
}
