#!/usr/bin/env node
/* global document, Image -- of the page in which it draws */
// Draws resources/icon.png out of resources/icon.svg, in Electron; the packaging makes all other forms of it.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { _electron } from 'playwright-core'
import { electronFlags } from '../../scripts/electron/electron-flags.mjs'
import { executableIn, findElectronFolder } from '../../scripts/electron/find-electron.mjs'

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } })
if (values.help === true) {
  console.log('Usage: node scripts/make-icon.mjs\nDraws resources/icon.png. Needs an Electron and a display.')
  process.exit(0)
}

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const folder = findElectronFolder()
if (folder === undefined) throw new Error('there is no Electron: ELECTRON_OVERRIDE_DIST_PATH names the folder of one')
const app = await _electron.launch({ executablePath: executableIn(folder), args: [...electronFlags(folder), '--disable-gpu', '-r', at('out/early.cjs'), at('.'), `--chat-data=${at('out/icon-data')}`] })
try {
  const page = await app.firstWindow()
  const svg = `data:image/svg+xml;base64,${readFileSync(at('resources/icon.svg')).toString('base64')}`
  const png = await page.evaluate(async (source) => {
    const image = new Image()
    image.src = source
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 1024
    canvas.getContext('2d').drawImage(image, 0, 0)
    return canvas.toDataURL('image/png')
  }, svg)
  writeFileSync(at('resources/icon.png'), Buffer.from(png.slice(png.indexOf(',') + 1), 'base64'))
} finally {
  await app.close()
}
