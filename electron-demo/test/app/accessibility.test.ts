import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AxeResults, RunOptions } from 'axe-core'
import axe from 'axe-core'
import { expect, test } from 'vitest'
import type { ChatUser } from '../helpers/chat-user.js'
import { describeApp } from '../helpers/describe-app.js'
import { useUsers } from '../helpers/users.js'

const screenshots = fileURLToPath(new URL('../../screenshots/', import.meta.url))

/** What the screens are, each reached from the one before. */
const screens: ReadonlyArray<readonly [name: string, go: (user: ChatUser) => Promise<void>]> = [
  ['conversation', async (user) => await user.seesState('No server, no account', 'Stored')],
  ['panel-overview', async (user) => {
    await user.openPanel('Overview')
    await user.page.getByText('Hosts the local network and keeps its history').waitFor()
  }],
  ['panel-peers', async (user) => await user.openPanel('Peers')],
  ['panel-events', async (user) => await user.openPanel('Events')],
  ['panel-log', async (user) => await user.openPanel('Log')],
  ['panel-trouble', async (user) => await user.openPanel('Trouble')],
  ['offline', async (user) => {
    await user.page.getByRole('switch', { name: 'Offline' }).click()
    await user.page.getByText('You are offline on purpose.').waitFor()
    await user.page.getByRole('main').getByRole('button', { name: 'Node panel' }).click()
  }],
  ['join', async (user) => {
    await user.page.getByRole('button', { name: 'Join a room' }).click()
    await user.page.getByRole('dialog').waitFor()
  }],
  ['settings', async (user) => {
    await user.page.keyboard.press('Escape')
    await user.page.getByRole('button', { name: 'Settings', exact: true }).click()
    await user.page.getByRole('dialog', { name: 'Settings' }).waitFor()
  }]
]

describeApp('every screen', () => {
  const users = useUsers()

  for (const theme of ['light', 'dark'] as const) {
    test(`has no serious finding of axe in ${theme}, and is on a picture`, async () => {
      mkdirSync(screenshots, { recursive: true })
      const newcomer = await users.open('cara', { preset: null })
      await newcomer.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await newcomer.page.getByRole('heading', { name: 'Welcome to Nwaku Chat' }).waitFor()
      const findings = await look(newcomer, 'first-run', theme)
      await newcomer.close()

      const rooms = ['lobby', 'garden', 'release-party']
      const [anna, ben] = [await users.open('anna', { preset: { rooms, theme } }), await users.open('ben', { preset: { rooms, theme } })]
      await Promise.all([anna.untilOnline(), ben.untilOnline()])
      await anna.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await talk(anna, ben)
      for (const [name, go] of screens) {
        await go(anna)
        findings.push(...await look(anna, name, theme))
      }
      expect(findings).toEqual([])
    })
  }
})

/** Has two say a few things, as they might. */
async function talk (anna: ChatUser, ben: ChatUser): Promise<void> {
  await ben.ask('messages:send', { roomId: 'garden', text: 'The tomatoes are ripe 🍅', clientId: 'garden' })
  await anna.page.getByRole('button', { name: /^lobby/ }).click()
  await ben.page.getByRole('button', { name: /^lobby/ }).click()
  await anna.say('Hello Ben, can you read this?')
  await ben.sees('can you read this?')
  await ben.say('Loud and clear 🎉 Where does it come from?')
  await anna.sees('Loud and clear')
  await anna.say('Straight from my node to yours. https://waku.org tells more.')
  await ben.sees('Straight from my node')
  await ben.say('And if one of us is away?')
  await anna.sees('if one of us is away')
  await anna.say('Then a store keeps it until we are back. No server, no account – just two nodes that know each other.')
}

/** Takes a picture of a screen, and has axe look at it. @returns what is serious, in words. */
async function look (user: ChatUser, name: string, theme: string): Promise<string[]> {
  const { page } = user
  await page.screenshot({ path: join(screenshots, `${name}-${theme}.png`) })
  // The page's policy allows no script but its own, so axe comes as what the debugger evaluates.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(async (options) => await (window as unknown as { axe: { run (context: Document, options: RunOptions): Promise<AxeResults> } }).axe.run(document, options), { resultTypes: ['violations'] } as RunOptions)
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${name}, ${theme}: ${id}, ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}
