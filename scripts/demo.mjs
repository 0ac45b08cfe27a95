#!/usr/bin/env node
// Starts the Electron chat out of a clone, after installing and building what is missing.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { setUpDemo } from './demo/set-up-demo.mjs'
import { electronFlags } from './electron/electron-flags.mjs'
import { executableIn } from './electron/find-electron.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const demo = join(root, 'electron-demo')

const usage = `Usage: npm run demo [-- options]

Starts the chat, after installing and building what is missing.

  --two              opens two users on this machine, anna and ben, who already share a room
  --profile NAME     opens another user's chat, beside the usual one
  --build-only       installs and builds, and starts nothing
  --help             prints this

ELECTRON_OVERRIDE_DIST_PATH names the folder of an Electron (25 or newer) to use instead of the one from npm.
`

process.exitCode = await main()

async function main () {
  let values
  try {
    values = parseArgs({ options: { two: { type: 'boolean' }, profile: { type: 'string' }, 'build-only': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } }).values
  } catch (error) {
    console.error(`demo: ${error.message}\n\n${usage}`)
    return 2
  }
  if (values.help === true) {
    console.log(usage)
    return 0
  }
  try {
    const electron = await setUpDemo({ needsElectron: values['build-only'] !== true })
    if (values['build-only'] === true) return 0
    checkDisplay()
    const users = values.two === true ? [userOf('anna', '40,60'), userOf('ben', '760,120')] : [values.profile === undefined ? [] : [`--chat-profile=${values.profile}`]]
    const codes = await Promise.all(users.map(async (args) => await open(electron, args)))
    return Math.max(...codes)
  } catch (error) {
    console.error(`demo: ${error.message}`)
    return 1
  }
}

/** The arguments for a user who is there at once, in a room that both share. */
function userOf (name, position) {
  return [`--chat-profile=demo-${name}`, `--chat-position=${position}`, `--chat-preset=${JSON.stringify({ nickname: name, rooms: ['lobby'] })}`]
}

function checkDisplay () {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return
  throw new Error('there is no display to open a window on; over ssh or in a container try xvfb-run -a npm run demo')
}

/** Runs one app to its end. It is told to end when this is. */
async function open (electron, args) {
  const child = spawn(executableIn(electron), [...electronFlags(electron), '-r', join(demo, 'out/early.cjs'), demo, ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
  const end = () => child.kill('SIGTERM')
  process.once('SIGINT', end).once('SIGTERM', end)
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGTERM' ? 0 : 1)))
  })
}
