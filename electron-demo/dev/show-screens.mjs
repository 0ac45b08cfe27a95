#!/usr/bin/env node
// Writes a picture of each screen over the made-up engine to out/screens, light and dark, and runs axe on each.
// ELECTRON_OVERRIDE_DIST_PATH=<folder of an Electron> xvfb-run -a node dev/show-screens.mjs [name...]
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'
import { _electron as electron } from 'playwright-core'
import { screens } from './screens.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const wanted = process.argv.slice(2)
const folder = join(root, 'out/screens')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

if (process.env.NO_BUILD === undefined) await build({ configFile: join(root, 'dev/vite.config.mjs'), logLevel: 'error' })
mkdirSync(folder, { recursive: true })
const app = await electron.launch({ args: ['--no-sandbox', '--disable-gpu', join(root, 'dev')] })
const page = await app.firstWindow()
const start = pathToFileURL(join(root, 'out/dev/index.html')).href
let numFindings = 0
page.on('pageerror', (error) => { numFindings++; console.log(`ERROR ${error.message}\n${error.stack}`) })
page.on('console', (line) => { if (['error', 'warning'].includes(line.type())) { numFindings++; console.log(`CONSOLE ${line.text()}`) } })

for (const screen of screens) {
  if (wanted.length > 0 && !wanted.some((name) => screen.name.startsWith(name))) continue
  for (const theme of screen.themes ?? ['light', 'dark']) {
    const [width, height] = screen.size ?? [1280, 820]
    await app.evaluate(({ BrowserWindow }, [w, h]) => { BrowserWindow.getAllWindows()[0].setContentSize(w, h) }, [width, height])
    await page.emulateMedia({ colorScheme: theme })
    await page.goto(`${start}?scenario=${screen.scenario}&language=${screen.language ?? 'en'}&theme=${theme}`)
    await page.waitForSelector('.workspace, .first-run')
    await page.waitForTimeout(300)
    await screen.act?.(page)
    await page.waitForTimeout(250)
    const name = `${screen.name}-${theme}`
    await page.screenshot({ path: join(folder, `${name}.png`) })
    // As a string, past the policy of the page.
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
    for (const { id, impact, help, nodes } of violations) {
      numFindings++
      console.log(`AXE ${name}: ${impact} ${id}: ${help}\n  ${nodes.slice(0, 3).map(({ html, any }) => `${html.slice(0, 160)}\n    ${any[0]?.message ?? ''}`).join('\n  ')}`)
    }
  }
}
await app.close()
console.log(`screens: ${numFindings} findings; pictures in out/screens`)
process.exitCode = numFindings === 0 ? 0 : 1
