import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeApp } from '../helpers/describe-app.js'
import { useUsers } from '../helpers/users.js'

describeApp('with the keyboard alone', () => {
  const users = useUsers()

  test('one gets from the first run into a room, says something and comes back to the node', async () => {
    const anna = await users.open('anna', { preset: null })
    const { page } = anna
    const press = async (...keys: string[]): Promise<void> => { for (const key of keys) await page.keyboard.press(key) }
    await page.getByRole('heading', { name: /Welcome|Willkommen/ }).waitFor()
    await press('Control+A')
    await page.keyboard.type('Keyboard user')
    await press('Enter')
    await page.getByRole('button', { name: /Join a room|Raum beitreten/ }).first().waitFor()
    await press('Control+N')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('typing-room')
    await press('Enter')
    await page.getByRole('heading', { level: 1, name: 'typing-room' }).waitFor()
    await anna.until(async () => { expect(await anna.composer.evaluate((element) => element === document.activeElement)).toBe(true) })
    await page.keyboard.type('said without a mouse')
    await press('Enter')
    await anna.sees('said without a mouse')
    // Through everything on the screen: each stop is visible and has a name.
    const stops = await walk(anna.page)
    expect(stops.length).toBeGreaterThan(6)
    expect(stops.filter(({ name, isVisible }) => name === '' || !isVisible)).toEqual([])
  })

  test('one reads messages with the arrows, and closes what is open with Escape', async () => {
    const anna = await users.open('anna')
    for (const text of ['one', 'two', 'three']) await anna.say(text)
    await anna.sees('three')
    const { page } = anna
    await page.getByRole('button', { name: 'Settings', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Settings' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.getByRole('button', { name: 'Settings', exact: true }).evaluate((element) => element === document.activeElement)).toBe(true)
    await page.getByRole('main').getByRole('button', { name: 'Node panel' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { name: 'Overview' }).waitFor()
  })
})

/** Presses Tab until the focus is where it was, and tells every stop. */
async function walk (page: Page): Promise<Array<{ name: string, isVisible: boolean }>> {
  const stops: Array<{ name: string, isVisible: boolean, html: string }> = []
  for (let count = 0; count < 60; count++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const element = document.activeElement
      if (!(element instanceof HTMLElement) || element === document.body) return null
      const { width, height } = element.getBoundingClientRect()
      const labelled = element.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
      const labels = 'labels' in element ? [...(element.labels as NodeListOf<HTMLElement> | null) ?? []].map(({ textContent }) => textContent).join(' ') : ''
      const name = labelled ?? element.getAttribute('aria-label') ?? (labels !== '' ? labels : element.textContent.trim() !== '' ? element.textContent.trim() : element.getAttribute('title') ?? '')
      return { name, isVisible: width > 0 && height > 0, html: element.outerHTML.slice(0, 200) }
    })
    if (stop === null) continue
    if (stops.some(({ html }) => html === stop.html)) break
    stops.push(stop)
  }
  return stops
}
