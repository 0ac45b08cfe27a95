import type { Page } from 'playwright-core'
import type { DevWindow, ShowOptions } from '../helpers/renderer-page.js'

/** A screen, and how to get to it. */
export interface Screen {
  readonly name: string
  readonly scenario: string
  readonly themes?: ReadonlyArray<'light' | 'dark'>
  readonly language?: ShowOptions['language']
  readonly size?: ShowOptions['size']
  act? (page: Page): Promise<unknown>
}

const wide = [1400, 900] as const
const narrow = [420, 760] as const

const press = (keys: string) => async (page: Page) => { await page.keyboard.press(keys) }

const tab = (name: string) => async (page: Page) => {
  await page.keyboard.press('Control+i')
  await page.click(`[role=tab][data-key=${name}]`)
}

/** All that the renderer can show. */
export const screens: readonly Screen[] = [
  { name: 'first-run', scenario: 'first-run' },
  { name: 'first-run-advanced', scenario: 'first-run', language: 'de', themes: ['light'], size: wide, act: async (page) => { await page.click('summary') } },
  {
    name: 'first-run-error',
    scenario: 'first-run',
    themes: ['dark'],
    size: [800, 980],
    act: async (page) => {
      await page.click('text=A network of your own')
      await page.fill('textarea', 'not an address')
      await page.click('text=Start chatting')
      await page.waitForSelector('[aria-invalid=true]')
    }
  },
  { name: 'no-rooms', scenario: 'no-rooms', act: async (page) => { await page.waitForSelector('[data-banner=connecting]') } },
  { name: 'empty-room', scenario: 'empty-room', themes: ['light'] },
  { name: 'room', scenario: 'full' },
  { name: 'room-de', scenario: 'full', language: 'de' },
  { name: 'room-menu', scenario: 'full', act: async (page) => { await page.click('.menu button') } },
  { name: 'emoji', scenario: 'full', act: async (page) => { await page.click('.composer [aria-expanded]') } },
  { name: 'writing', scenario: 'full', themes: ['light'], act: async (page) => { await page.fill('#composer', `${'Lines\n'.repeat(8)}${'x'.repeat(4000)}`) } },
  {
    name: 'join-error',
    scenario: 'full',
    act: async (page) => {
      await page.keyboard.press('Control+n')
      await page.keyboard.type('two words')
      await page.keyboard.press('Enter')
      await page.waitForSelector('[aria-invalid=true]')
    }
  },
  {
    name: 'invite',
    scenario: 'full',
    act: async (page) => {
      await page.evaluate(() => { (window as unknown as DevWindow).fake.tell({ type: 'invite', link: 'nwaku-chat://other' }) })
      await page.waitForSelector('dialog')
    }
  },
  { name: 'leave', scenario: 'full', themes: ['dark'], act: async (page) => { await page.click('.menu button'); await page.click('[role=menuitem].danger') } },
  { name: 'settings', scenario: 'full', act: press('Control+,') },
  { name: 'settings-de', scenario: 'full', language: 'de', themes: ['dark'], size: [900, 1000], act: press('Control+,') },
  { name: 'shortcuts', scenario: 'full', themes: ['light'], act: press('Control+/') },
  { name: 'panel', scenario: 'full', size: wide, act: press('Control+i') },
  { name: 'panel-de', scenario: 'full', language: 'de', themes: ['dark'], size: [1400, 1090], act: press('Control+i') },
  { name: 'panel-peers', scenario: 'full', themes: ['light'], act: tab('peers') },
  { name: 'panel-events', scenario: 'full', act: tab('events') },
  { name: 'panel-log', scenario: 'full', themes: ['dark'], act: tab('log') },
  { name: 'panel-trouble', scenario: 'full', act: tab('trouble') },
  { name: 'panel-trouble-de', scenario: 'full', language: 'de', themes: ['light'], act: tab('trouble') },
  { name: 'offline', scenario: 'offline' },
  { name: 'offline-system', scenario: 'offline-system', language: 'de', themes: ['light'] },
  { name: 'restarting', scenario: 'restarting', themes: ['light'] },
  { name: 'failed', scenario: 'failed' },
  { name: 'unread', scenario: 'unread' },
  { name: 'catching-up', scenario: 'catching-up' },
  { name: 'narrow', scenario: 'full', size: narrow },
  { name: 'narrow-rooms', scenario: 'full', size: narrow, themes: ['dark'], act: async (page) => { await page.click('.sidebar-toggle') } },
  { name: 'narrow-panel', scenario: 'full', size: narrow, themes: ['light'], act: press('Control+i') },
  { name: 'notice', scenario: 'full', act: async (page) => { await page.getByRole('button', { name: 'Copy invite link' }).click(); await page.waitForSelector('.toast') } }
]
