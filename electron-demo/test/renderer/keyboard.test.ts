import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeApp } from '../helpers/describe-app.js'
import { useRenderer, type DevWindow } from '../helpers/renderer-page.js'

const nameOfRoom = async (page: Page): Promise<string> => await page.locator('h1').innerText()
const press = async (page: Page, ...keys: string[]): Promise<void> => { for (const key of keys) await page.keyboard.press(key) }
const focusIsIn = async (page: Page, selector: string): Promise<void> => {
  await page.waitForFunction((wanted) => document.activeElement?.closest(wanted) !== null, selector)
}
const calls = async (page: Page): Promise<readonly string[]> => await page.evaluate(() => (window as unknown as DevWindow).fake.calls)

describeApp('without a mouse', () => {
  const renderer = useRenderer()

  test('one begins to chat', async () => {
    const page = await renderer.show('first-run')
    await page.keyboard.type('ann')
    await press(page, 'Enter')
    await page.waitForSelector('.no-room')
    await press(page, 'Control+n')
    await page.keyboard.type('garden')
    await press(page, 'Enter')
    await focusIsIn(page, '#composer')
    await page.keyboard.type('hello')
    await press(page, 'Enter')
    await page.waitForSelector('.message.own:has-text("hello")')
    expect(await nameOfRoom(page)).toBe('garden')
  })

  test('a dialog closes with Escape, and the focus goes back to where it was', async () => {
    const page = await renderer.show('full')
    await page.getByRole('button', { name: 'Settings' }).focus()
    await press(page, 'Enter')
    await page.waitForSelector('dialog[open]')
    await focusIsIn(page, 'dialog')
    await press(page, 'Escape')
    await page.waitForSelector('dialog', { state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Settings')
  })

  test('one goes from room to room, and to the next with something unread', async () => {
    const page = await renderer.show('full')
    const rooms = await page.locator('.room-line').evaluateAll((lines) => lines.map((line) => line.getAttribute('data-room')))
    const start = rooms.indexOf(await nameOfRoom(page))
    await press(page, 'Alt+ArrowDown')
    await page.waitForFunction((name) => document.querySelector('h1')?.textContent === name, rooms[start + 1])
    await press(page, 'Alt+ArrowUp', 'Alt+ArrowUp')
    await page.waitForFunction((name) => document.querySelector('h1')?.textContent === name, rooms[start - 1])
    await press(page, 'Alt+Shift+ArrowDown')
    await page.waitForFunction((name) => document.querySelector('h1')?.textContent === name, 'release-0.2')
  })

  test('one finds a room by a part of its name', async () => {
    const page = await renderer.show('full')
    await press(page, 'Control+k')
    await page.keyboard.type('note')
    await press(page, 'Enter')
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'notes')
    await focusIsIn(page, '#composer')
    expect(await page.locator('#composer').inputValue()).toBe('remember the store')
  })

  test('F6 goes around the parts of the window, and back with Shift', async () => {
    const page = await renderer.show('full')
    await press(page, 'Control+i')
    await focusIsIn(page, '#composer')
    for (const part of ['panel', 'rooms', 'messages', 'composer']) {
      await press(page, 'F6')
      await focusIsIn(page, `[data-region=${part}]`)
    }
    await press(page, 'Shift+F6')
    await focusIsIn(page, '[data-region=messages]')
    await press(page, 'Escape')
    await focusIsIn(page, '#composer')
  })

  test('one goes through messages, copies one, and retries one that failed', async () => {
    const page = await renderer.show('full')
    await page.waitForFunction(() => {
      const list = document.querySelector('.scroller')
      return list !== null && list.scrollTop > 0 && list.scrollHeight - list.scrollTop - list.clientHeight < 2
    })
    await page.locator('[data-region=messages]').focus()
    await press(page, 'ArrowUp', 'ArrowUp', 'c', 'r')
    const called = await calls(page)
    expect(called).toContain('copy And this one went nowhere.')
    expect(called).toContain('messages:retry')
    await press(page, 'Home')
    await page.waitForFunction(() => document.activeElement?.textContent.includes('nightly soak') === true)
    await press(page, 'End')
    await page.waitForFunction(() => document.activeElement?.textContent.includes('On its way') === true)
  })

  test('one goes to both ends of 100 000 messages', async () => {
    const page = await renderer.show('big')
    await page.locator('[data-region=messages]').focus()
    await press(page, 'Home')
    await page.waitForFunction(() => document.activeElement instanceof HTMLElement && document.activeElement.dataset['id'] === '1')
    await press(page, 'End')
    await page.waitForFunction(() => document.activeElement?.textContent.includes('Message number 99999') === true)
  })

  test('menus, tabs and emoji are chosen with arrow keys', async () => {
    const page = await renderer.show('full')
    await page.getByRole('button', { name: 'Actions for lobby' }).focus()
    await press(page, 'Enter', 'ArrowDown')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Mark as read')
    await press(page, 'Escape', 'Control+i')
    await page.getByRole('tab', { name: 'Overview' }).focus()
    await press(page, 'ArrowRight', 'End')
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Trouble')
    await page.getByRole('button', { name: 'Emoji' }).focus()
    await press(page, 'Enter', 'ArrowRight', 'Enter', 'Escape')
    await focusIsIn(page, '#composer')
    expect(await page.locator('#composer').inputValue()).toBe('😄')
  })

  test('one always sees where the focus is', async () => {
    const page = await renderer.show('full')
    await press(page, 'Control+i')
    for (let stop = 0; stop < 45; stop++) {
      await press(page, 'Tab')
      const { what, isVisible } = await page.evaluate(() => {
        const element = document.activeElement
        if (element === null || element === document.body) return { what: 'the page', isVisible: true }
        const shown = element.id === 'composer' ? element.closest('.composer-box') : element.matches('[type=radio]') ? element.closest('.option') : element
        const { outlineStyle, boxShadow } = getComputedStyle(shown ?? element)
        return { what: element.outerHTML.slice(0, 120), isVisible: outlineStyle !== 'none' || boxShadow !== 'none' }
      })
      expect(isVisible, what).toBe(true)
    }
  })
})
