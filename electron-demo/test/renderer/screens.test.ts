import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeApp } from '../helpers/describe-app.js'
import { useRenderer } from '../helpers/renderer-page.js'
import { screens } from './screens.js'

const pictures = fileURLToPath(new URL('../../out/screens', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds on the page, in short. */
async function findingsOf (page: Page): Promise<readonly string[]> {
  // As a string it passes the policy of the page.
  await page.evaluate(axe)
  const { violations } = await page.evaluate(async () => await (window as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run())
  return violations.flatMap(({ id, impact, nodes }) => nodes.map(({ html }) => `${impact ?? ''} ${id}: ${html.slice(0, 160)}`))
}

describeApp('every screen', () => {
  const renderer = useRenderer()
  mkdirSync(pictures, { recursive: true })

  for (const screen of screens) {
    const { name, scenario, themes = ['light', 'dark'] as const, language = 'en', size = [1280, 820] as const } = screen
    test.each([...themes])(`can be used by everybody: ${name}, %s`, async (theme) => {
      const page = await renderer.show(scenario, { theme, language, size })
      await screen.act?.(page)
      await page.screenshot({ path: join(pictures, `${name}-${theme}.png`) })
      expect(await findingsOf(page)).toEqual([])
    })
  }
})
