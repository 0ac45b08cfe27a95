import { expect, test } from 'vitest'
import { describeApp } from '../helpers/describe-app.js'
import { useRenderer, type DevWindow } from '../helpers/renderer-page.js'

describeApp('the state of the node', () => {
  const renderer = useRenderer()

  test('stands above the conversation until all is well again', async () => {
    const page = await renderer.show('offline')
    await page.getByText('You are offline on purpose. What you write is kept and sent later. 2 messages wait to be sent.').waitFor()
    await page.getByRole('button', { name: 'Go online' }).click()
    await page.getByText('Connected again.').waitFor()
    await page.locator('.banner').waitFor({ state: 'detached' })
  })

  test('is told when the engine is lost, and when it is back', async () => {
    const page = await renderer.show('full')
    await page.evaluate(() => { (window as unknown as DevWindow).fake.tell({ type: 'engine', state: 'restarting', restartInMs: 100, numRestarts: 1 }) })
    await page.locator('[data-banner=engine-lost]').waitFor()
    await page.evaluate(() => { (window as unknown as DevWindow).fake.tell({ type: 'engine', state: 'connected', restartInMs: null, numRestarts: 1 }) })
    await page.locator('[data-banner=online]').waitFor()
  })

  test('comes with its panel, whose log is filtered', async () => {
    const page = await renderer.show('full')
    await page.keyboard.press('Control+i')
    await page.getByRole('tab', { name: 'Events' }).click()
    await page.getByRole('combobox', { name: 'Type of event' }).selectOption('backend:exit')
    await page.getByText('1 entry').waitFor()
    await page.getByRole('group', { name: 'Events' }).getByText('SIGKILL').waitFor()
  })

  test('is copied with one click', async () => {
    const page = await renderer.show('full')
    await page.keyboard.press('Control+i')
    await page.getByRole('button', { name: 'Copy: Peer id' }).first().click()
    const calls = await page.evaluate(() => (window as unknown as DevWindow).fake.calls)
    expect(calls).toContain('copy 16Uiu2HAmVkKntsECaYfefR1V2yCR79CegLATuTPE6B9TxgxBiiiA')
  })

  test('says why another backend could not be had', async () => {
    const page = await renderer.show('full')
    await page.keyboard.press('Control+i')
    await page.getByRole('tab', { name: 'Trouble' }).click()
    await page.getByRole('radio', { name: 'Native' }).click()
    await page.locator('.toast.error', { hasText: 'The native library is not on this computer.' }).waitFor()
  })
})

describeApp('settings', () => {
  const renderer = useRenderer()

  test('change the language at once', async () => {
    const page = await renderer.show('full')
    await page.keyboard.press('Control+,')
    await page.getByRole('radio', { name: 'Deutsch' }).check()
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de')
    expect(await page.locator('#composer').getAttribute('placeholder')).toBe('Schreib an lobby')
  })

  test('change the colours at once, and follow the system when told to', async () => {
    const page = await renderer.show('full')
    const background = async (): Promise<string> => await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await background()
    await page.keyboard.press('Control+,')
    await page.getByRole('radio', { name: 'Dark' }).check()
    await page.waitForFunction((before) => getComputedStyle(document.body).backgroundColor !== before, light)
    await page.getByRole('group', { name: 'Colours' }).getByRole('radio', { name: 'As the system' }).check()
    await page.waitForFunction((before) => getComputedStyle(document.body).backgroundColor === before, light)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.waitForFunction((before) => getComputedStyle(document.body).backgroundColor !== before, light)
  })

  test('keep what was typed and say what is wrong with it', async () => {
    const page = await renderer.show('full')
    await page.keyboard.press('Control+,')
    await page.getByText('A network of your own').click()
    await page.getByLabel('Shards').fill('5000')
    await page.locator('.settings form.stack').getByRole('button', { name: 'Save' }).click()
    await page.getByText('The number of shards is from 1 to 1024.').waitFor()
    expect(await page.getByLabel('Shards').inputValue()).toBe('5000')
  })
})
