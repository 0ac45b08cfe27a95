import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { FakeChat } from '../../dev/fake-chat.js'
import type { message } from '../../dev/made-up.js'
import { electronCommand } from './electron.js'

/** What the page with the made-up engine has besides the app. */
export interface DevWindow {
  readonly fake: FakeChat
  readonly makeMessage: typeof message
}

/** How a screen is shown. */
export interface ShowOptions {
  readonly language?: 'en' | 'de'
  readonly theme?: 'light' | 'dark'
  readonly size?: readonly [width: number, height: number]
}

const demo = fileURLToPath(new URL('../..', import.meta.url))
const start = pathToFileURL(join(demo, 'out/dev/index.html')).href

/** Opens the renderer over the made-up engine, in one window for all tests of a file. Errors in the window fail the test. */
export function useRenderer (): { show (scenario: string, options?: ShowOptions): Promise<Page> } {
  let app: ElectronApplication | undefined
  let page: Page | undefined
  const errors: string[] = []

  beforeAll(async () => {
    const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js')
    execFileSync(process.execPath, [vite, 'build', '--config', join(demo, 'dev/vite.config.mjs'), '--logLevel', 'error'])
    const { executablePath, flags } = electronCommand()
    app = await _electron.launch({ executablePath, args: [...flags, join(demo, 'dev')] })
    page = await app.firstWindow()
    page.setDefaultTimeout(10_000)
    // Moving things are pictures of chance.
    await page.emulateMedia({ reducedMotion: 'reduce' })
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (line) => { if (line.type() === 'error') errors.push(line.text()) })
  })
  afterEach(() => { expect(errors.splice(0)).toEqual([]) })
  afterAll(async () => { await app?.close() })

  return {
    show: async (scenario, { language = 'en', theme = 'light', size: [width, height] = [1280, 820] } = {}) => {
      if (app === undefined || page === undefined) throw new Error('the window is not open')
      await app.evaluate(({ BrowserWindow }, bounds) => { BrowserWindow.getAllWindows()[0]?.setContentSize(bounds.width, bounds.height) }, { width, height })
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.goto(`${start}?scenario=${scenario}&language=${language}&theme=${theme}`)
      await page.waitForSelector('.message, .empty-room, .no-room, .first-run')
      await page.waitForFunction(() => document.querySelector('.skeleton') === null)
      return page
    }
  }
}
