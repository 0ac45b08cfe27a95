import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { ChatUser } from '../helpers/chat-user.js'
import { describeApp } from '../helpers/describe-app.js'
import { useUsers } from '../helpers/users.js'

// Compiled by the tests of the package; it has the library's functions, and talks to nobody.
const standIn = fileURLToPath(new URL(`../../../native/fake/build/Release/libfake_b.${process.platform === 'darwin' ? 'dylib' : 'so'}`, import.meta.url))

describeApp('a conversation', () => {
  const users = useUsers()

  test('loses nothing when the process of a node is killed in its midst', async () => {
    const [anna, ben] = await users.pair()
    const said = await talkThrough(anna, ben, async () => await ben.ask('node:kill', null))
    await bothHave(anna, ben, said)
    expect((await ben.node()).numRestarts).toBeGreaterThan(0)
  })

  test('loses nothing when the process of the host is killed in its midst', async () => {
    const [anna, ben] = await users.pair()
    const said = await talkThrough(anna, ben, async () => await anna.ask('node:kill', null))
    await bothHave(anna, ben, said)
  })

  test('loses nothing when the engine is killed in its midst', async () => {
    const [anna, ben] = await users.pair()
    const said = await talkThrough(anna, ben, async () => { await ben.page.evaluate(async () => await window.chat.killEngine()) })
    await bothHave(anna, ben, said)
  })

  test('goes on after a stall of a node', async () => {
    const [anna, ben] = await users.pair()
    await ben.ask('node:stall', { durationMs: 1500 })
    await anna.say('said to somebody who does not answer')
    await ben.say('said while stalled')
    await ben.sees('said to somebody who does not answer')
    await anna.sees('said while stalled')
  })

  test('is caught up with after being offline', async () => {
    const [anna, ben] = await users.pair()
    await ben.openPanel('Trouble')
    await ben.page.getByRole('switch', { name: 'Offline' }).click()
    await ben.page.getByText('You are offline on purpose.').waitFor()
    await anna.ask('messages:send', { roomId: 'lobby', text: 'said meanwhile', clientId: 'a' })
    await ben.say('written offline')
    await ben.seesState('written offline', 'Sending')
    await ben.page.getByRole('button', { name: 'Go online' }).click()
    await ben.sees('said meanwhile')
    await anna.sees('written offline')
    await ben.seesState('written offline', 'Stored')
  })

  test('goes on when the host of the network leaves, and another takes over with the history', async () => {
    const [anna, ben] = await users.pair()
    await anna.say('kept by the first host')
    await anna.seesState('kept by the first host', 'Stored')
    await anna.close()
    await ben.until(async () => { expect((await ben.node()).isHost).toBe(true) })
    const cara = await users.open('cara')
    await cara.sees('kept by the first host')
    await cara.say('hello, host')
    await ben.sees('hello, host')
  })

  test('is caught up with when the machine wakes up', async () => {
    const [anna, ben] = await users.pair()
    const resumedAt = Date.now()
    await ben.app.evaluate(({ powerMonitor }) => { powerMonitor.emit('suspend'); powerMonitor.emit('resume') })
    await ben.until(async () => {
      const { lastCatchUp } = await ben.node()
      expect(lastCatchUp?.reason).toBe('resume')
      expect(lastCatchUp?.at).toBeGreaterThanOrEqual(resumedAt)
    })
    const { events } = await ben.ask('node:logs', null)
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['suspend', 'resume']))
    await anna.say('good morning')
    await ben.sees('good morning')
  })

  test('changes to another backend without losing a message or a room', async () => {
    const library = process.env['LIBWAKU_PATH']
    const env = library === undefined ? {} : { NWAKU_LIBRARY_PATH: library }
    const [anna, ben] = [await users.open('anna'), await users.open('ben', { env })]
    await Promise.all([anna.untilOnline(), ben.untilOnline()])
    await anna.say('on the old backend')
    await ben.sees('on the old backend')
    const switched = ben.ask('node:switch-backend', { backend: 'auto' })
    await ben.ask('messages:send', { roomId: 'lobby', text: 'in between', clientId: 'b' })
    await anna.ask('messages:send', { roomId: 'lobby', text: 'meanwhile', clientId: 'a' })
    await switched
    await bothHave(anna, ben, ['on the old backend', 'in between', 'meanwhile'])
    const { backend, fallback } = await ben.node()
    expect({ backend, fallback: fallback?.message }).toMatchObject(library === undefined ? { backend: 'js' } : { backend: 'libwaku', fallback: undefined })
    expect((await ben.ask('state:get', null)).rooms.map(({ id }) => id)).toEqual(['lobby'])
  })

  test.skipIf(!existsSync(standIn))('goes over to the native backend and back, on the stand-in for its library', async () => {
    const [anna, ben] = [await users.open('anna'), await users.open('ben', { env: { NWAKU_LIBRARY_PATH: standIn } })]
    await Promise.all([anna.untilOnline(), ben.untilOnline()])
    await anna.say('before')
    await ben.sees('before')
    expect((await ben.ask('node:switch-backend', { backend: 'libwaku' })).backend).toBe('libwaku')
    await ben.sees('before')
    await anna.ask('messages:send', { roomId: 'lobby', text: 'while Ben is native', clientId: 'n' })
    expect((await ben.ask('node:switch-backend', { backend: 'js' })).backend).toBe('js')
    await ben.sees('while Ben is native')
    const { events } = await ben.ask('node:logs', null)
    expect(events.filter(({ type }) => type === 'backend:switch').map(({ data }) => data)).toEqual([{ from: 'js', to: 'libwaku' }, { from: 'libwaku', to: 'js' }])
  })

  test('stays on its backend when another cannot be had', async () => {
    const [anna, ben] = [await users.open('anna'), await users.open('ben', { env: { NWAKU_LIBRARY_PATH: '/there/is/no/libwaku.so' } })]
    await Promise.all([anna.untilOnline(), ben.untilOnline()])
    const result = await ben.try('node:switch-backend', { backend: 'libwaku' })
    expect(result).toMatchObject({ ok: false, error: { code: 'WAKU_UNAVAILABLE' } })
    await anna.say('still there?')
    await ben.sees('still there?')
    expect((await ben.ask('state:get', null)).settings?.backend).toBe('js')
  })
})

/** Has both talk all the time while something happens. @returns all that was said. */
async function talkThrough (anna: ChatUser, ben: ChatUser, happen: () => Promise<unknown>): Promise<string[]> {
  const said: string[] = []
  const say = async (user: ChatUser, number: number): Promise<void> => {
    const text = `${user.nick} ${number}`
    // Who asks an engine that is gone is told so, and asks again: the id makes that harmless.
    await user.until(async () => { await user.ask('messages:send', { roomId: 'lobby', text, clientId: text }) })
    said.push(text)
  }
  for (let number = 1; number <= 40; number++) {
    if (number === 10) await happen()
    await Promise.all([say(anna, number), say(ben, number)])
  }
  return said
}

async function bothHave (anna: ChatUser, ben: ChatUser, said: readonly string[]): Promise<void> {
  for (const user of [anna, ben]) await user.until(async () => { expect((await user.texts()).sort()).toEqual([...said].sort()) })
}
