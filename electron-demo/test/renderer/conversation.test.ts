import type { Page } from 'playwright-core'
import { expect, test, vi } from 'vitest'
import { describeApp } from '../helpers/describe-app.js'
import { useRenderer, type DevWindow } from '../helpers/renderer-page.js'

const texts = async (page: Page): Promise<readonly string[]> => await page.locator('.message-text').allInnerTexts()
const fromEnd = async (page: Page): Promise<number> => await page.locator('.scroller').evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)
const until = async (assert: () => Promise<void>): Promise<void> => { await vi.waitFor(assert, { timeout: 10_000, interval: 20 }) }
const say = async (page: Page, text: string): Promise<void> => {
  await page.fill('#composer', text)
  await page.press('#composer', 'Enter')
}

describeApp('what one writes', () => {
  const renderer = useRenderer()

  test('is there before the engine has answered', async () => {
    const page = await renderer.show('full')
    await page.evaluate(() => { (window as unknown as DevWindow).fake.latencyMs = 60_000 })
    await say(page, 'faster than the engine')
    await page.waitForSelector('.message.sending:has-text("faster than the engine")')
    expect(await page.locator('#composer').inputValue()).toBe('')
    await until(async () => { expect(await fromEnd(page)).toBeLessThan(2) })
  })

  test('shows how far it has come', async () => {
    const page = await renderer.show('full')
    await say(page, 'on a journey')
    for (const state of ['sending', 'sent', 'stored']) await page.waitForSelector(`.message.${state}:has-text("on a journey")`)
    expect(await page.locator('.message:has-text("on a journey")').count()).toBe(1)
  })

  test('can be sent again when it failed', async () => {
    const page = await renderer.show('full')
    await say(page, 'this will fail')
    const failed = page.locator('.message.failed:has-text("this will fail")')
    await failed.getByText('Nobody is connected who could take it.').waitFor()
    await failed.getByRole('button', { name: 'Try again' }).click()
    await page.waitForSelector('.message.stored:has-text("this will fail")')
  })

  test('is handed to the next engine when one is lost, once', async () => {
    const page = await renderer.show('full')
    await page.evaluate(() => { (window as unknown as DevWindow).fake.lost.add('messages:send') })
    await say(page, 'into the void')
    await page.waitForSelector('.message.sending:has-text("into the void")')
    await page.evaluate(() => {
      const { fake } = window as unknown as DevWindow
      fake.lost.clear()
      fake.tell({ type: 'engine', state: 'connected', restartInMs: null, numRestarts: 1 })
    })
    await page.waitForSelector('.message.stored:has-text("into the void")')
    expect(await page.locator('.message:has-text("into the void")').count()).toBe(1)
  })

  test('stays a draft of its room', async () => {
    const page = await renderer.show('full')
    await page.fill('#composer', 'half a thought')
    await page.click('[data-room=garden]')
    await page.waitForSelector('[data-room=lobby]:has-text("half a thought")')
    expect(await page.locator('#composer').inputValue()).toBe('')
    await page.click('[data-room=lobby]')
    await until(async () => { expect(await page.locator('#composer').inputValue()).toBe('half a thought') })
  })

  test('is not sent when it is too long, and says by how much', async () => {
    const page = await renderer.show('full')
    await page.fill('#composer', 'x'.repeat(4003))
    await page.getByText('3 characters too many').waitFor()
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true)
  })
})

describeApp('what others write', () => {
  const renderer = useRenderer()
  const hear = async (page: Page, text: string): Promise<void> => {
    await page.evaluate((said) => {
      const { fake, makeMessage } = window as unknown as DevWindow
      fake.append('lobby', [makeMessage('lobby', 'Mallory', said)])
    }, text)
  }

  test('is text, whatever it pretends to be', async () => {
    const page = await renderer.show('full')
    const text = '<img src=x onerror="document.title=1"><script>document.title=2</script>&amp;'
    await hear(page, text)
    await until(async () => { expect(await texts(page)).toContain(text) })
    expect(await page.locator('.message-text img, .message-text script').count()).toBe(0)
  })

  test('has links that main opens, and the window stays where it is', async () => {
    const page = await renderer.show('full')
    const before = page.url()
    await hear(page, 'look at https://example.org/x, please')
    await page.click('.message a:has-text("https://example.org/x")')
    await page.click('.message a:has-text("https://example.org/x")', { button: 'middle' })
    expect(await page.evaluate(() => (window as unknown as DevWindow).fake.calls)).toContain('open https://example.org/x')
    expect(page.url()).toBe(before)
  })

  test('is shown in part when it is long', async () => {
    const page = await renderer.show('full')
    await hear(page, `${'word '.repeat(500)}end`)
    const message = page.locator('.message').last()
    await message.getByRole('button', { name: 'Show the whole text' }).click()
    await message.locator('.message-text').filter({ hasText: /end$/ }).waitFor()
  })

  test('is read to those who do not see it', async () => {
    const page = await renderer.show('full')
    await hear(page, 'can you hear me?')
    await page.locator('[aria-live=polite]:has-text("Mallory: can you hear me?")').waitFor({ state: 'attached' })
  })
})
