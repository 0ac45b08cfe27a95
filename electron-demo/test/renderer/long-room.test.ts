import type { Page } from 'playwright-core'
import { expect, test, vi } from 'vitest'
import { describeApp } from '../helpers/describe-app.js'
import { useRenderer, type DevWindow } from '../helpers/renderer-page.js'

const until = async (assert: () => Promise<void>): Promise<void> => { await vi.waitFor(assert, { timeout: 10_000, interval: 20 }) }
const fromEnd = async (page: Page): Promise<number> => await page.locator('.scroller').evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)
const scrollTo = async (page: Page, part: number): Promise<void> => {
  await page.locator('.scroller').evaluate((element, to) => { element.scrollTop = element.scrollHeight * to }, part)
}

/** The first message in sight: which it is, and how far from the top of the list. */
async function firstInSight (page: Page): Promise<{ readonly id: string | undefined, readonly top: number }> {
  return await page.locator('.scroller').evaluate((scroller) => {
    const { top } = scroller.getBoundingClientRect()
    const first = [...scroller.querySelectorAll<HTMLElement>('.message')].find((message) => message.getBoundingClientRect().bottom > top + 40)
    return { id: first?.dataset['id'], top: Math.round((first?.getBoundingClientRect().top ?? 0) - top) }
  })
}

const untilStill = async (page: Page): Promise<void> => {
  let last = ''
  let numSame = 0
  await until(async () => {
    const now = JSON.stringify([await firstInSight(page), await page.locator('.skeleton').count()])
    numSame = now === last && now.endsWith(',0]') ? numSame + 1 : 0
    last = now
    expect(numSame).toBeGreaterThan(5)
  })
}

const addMessages = async (page: Page, count: number): Promise<void> => {
  await page.evaluate((many) => {
    const { fake, makeMessage } = window as unknown as DevWindow
    fake.append('lobby', Array.from({ length: many }, (_, i) => makeMessage('lobby', 'Mei', `new ${i}`, { sentAt: Date.now() })))
  }, count)
}

describeApp('a room of 100 000 messages', () => {
  const renderer = useRenderer()

  test('opens at its newest, with few of them in the document', async () => {
    const page = await renderer.show('big')
    await page.waitForSelector('.message:has-text("Message number 99999")')
    await until(async () => { expect(await fromEnd(page)).toBeLessThan(2) })
    expect(await page.locator('.message').count()).toBeLessThan(80)
  })

  test('shows messages wherever one scrolls to', async () => {
    const page = await renderer.show('big')
    for (const part of [0.5, 0.1, 0.9, 0.3]) {
      await scrollTo(page, part)
      await untilStill(page)
      const { id } = await firstInSight(page)
      expect(Number(id) / 100_000, `at ${part}`).toBeCloseTo(part, 1)
    }
  })

  test('stays where one reads while new messages come, and tells how many', async () => {
    const page = await renderer.show('big')
    await scrollTo(page, 0.5)
    await untilStill(page)
    const before = await firstInSight(page)
    await addMessages(page, 30)
    await page.evaluate(() => { (window as unknown as DevWindow).fake.change('lobby', { unread: 30, firstUnreadIndex: 100_000 }) })
    await page.getByRole('button', { name: /^Jump to the newest message, 30 new/ }).waitFor()
    expect(await firstInSight(page)).toEqual(before)
    await page.getByRole('button', { name: /^Jump to the newest/ }).click()
    await page.waitForSelector('.message:has-text("new 29")')
    await until(async () => { expect(await fromEnd(page)).toBeLessThan(2) })
  })

  test('stays where one reads while older messages come before', async () => {
    const page = await renderer.show('big')
    await page.locator('.scroller').evaluate((element) => { element.scrollTop = 900 })
    await page.waitForSelector('.history-line:has-text("Looking for older messages")')
    const { id } = await firstInSight(page)
    const top = async (): Promise<number> => await page.locator(`[data-id='${id ?? ''}']`).evaluate((element) => element.getBoundingClientRect().top)
    const before = await top()
    await page.waitForFunction(() => document.querySelector('.conversation-title p')?.textContent === '100,050 messages')
    await untilStill(page)
    expect(Math.abs(await top() - before)).toBeLessThan(4)
  })
})

describeApp('a room that is read', () => {
  const renderer = useRenderer()

  test('opens where the unread messages begin', async () => {
    const page = await renderer.show('unread')
    await page.locator('.new-separator').waitFor()
    await until(async () => { expect(await fromEnd(page)).toBeGreaterThan(100) })
    const isInSight = await page.locator('.new-separator').evaluate((line) => {
      const { top, bottom } = line.closest('.scroller')?.getBoundingClientRect() ?? { top: 0, bottom: 0 }
      return line.getBoundingClientRect().top >= top && line.getBoundingClientRect().bottom < bottom
    })
    expect(isInSight).toBe(true)
  })

  test('follows new messages at its end', async () => {
    const page = await renderer.show('older')
    for (let burst = 0; burst < 10; burst++) {
      await addMessages(page, 20)
      await until(async () => { expect(await fromEnd(page)).toBeLessThan(2) })
    }
    await page.waitForSelector('.message:has-text("new 19")')
  })

  test('shows messages that come in between where they belong', async () => {
    const page = await renderer.show('older')
    await page.evaluate(() => {
      const { fake, makeMessage } = window as unknown as DevWindow
      fake.messages.get('lobby')?.splice(118, 0, makeMessage('lobby', 'Mei', 'late to the party'))
      fake.change('lobby', { isReordered: true })
    })
    await page.waitForSelector('.message:has-text("late to the party")')
    await untilStill(page)
    const ids = await page.locator('.message').evaluateAll((messages) => messages.map((message) => message.textContent))
    const late = ids.findIndex((text) => text.includes('late to the party'))
    expect(ids[late + 2]).toContain('Message')
    expect(ids.filter((text) => text.includes('late to the party'))).toHaveLength(1)
    expect(ids).toHaveLength(new Set(ids).size)
  })
})
