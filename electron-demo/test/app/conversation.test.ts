import { expect, test } from 'vitest'
import { describeApp } from '../helpers/describe-app.js'
import { useUsers } from '../helpers/users.js'

describeApp('two users', () => {
  const users = useUsers()

  test('find each other without typing, and chat both ways', async () => {
    const [anna, ben] = await users.pair()
    await anna.say('hello Ben')
    await ben.sees('hello Ben')
    await ben.say('hello Anna')
    await anna.sees('hello Anna')
    expect([...anna.pageErrors, ...ben.pageErrors]).toEqual([])
  })

  test('see how far each of their messages has come', async () => {
    const [anna, ben] = await users.pair()
    await anna.say('kept by the host')
    await ben.say('kept by another')
    await anna.seesState('kept by the host', 'Stored')
    await ben.seesState('kept by another', 'Stored')
  })

  test('keep their rooms, messages and drafts over a restart', async () => {
    const [anna, ben] = await users.pair()
    await anna.say('before the restart')
    await ben.sees('before the restart')
    await ben.composer.fill('half a sent')
    await ben.until(async () => { expect((await ben.ask('state:get', null)).rooms[0]?.draft).toBe('half a sent') })
    await ben.restart()
    await ben.sees('before the restart')
    expect(await ben.composer.inputValue()).toBe('half a sent')
  })

  test('read what was said while their app was closed', async () => {
    const [anna, ben] = await users.pair()
    await ben.close()
    // Nobody hears it, so it waits; what counts is that it comes.
    await anna.say('while Ben was away')
    await ben.open()
    await ben.sees('while Ben was away')
    await anna.seesState('while Ben was away', 'Stored')
  })

  test('keep a message that nobody could be told, over a restart too', async () => {
    const anna = await users.open('anna')
    await anna.say('is anybody there?')
    await anna.seesState('is anybody there?', 'Sending')
    await anna.restart()
    await anna.seesState('is anybody there?', 'Sending')
    const ben = await users.open('ben')
    await ben.sees('is anybody there?')
    await anna.seesState('is anybody there?', 'Stored')
  })

  test('bring somebody who comes later all that was said', async () => {
    const [anna, ben] = await users.pair()
    const texts = Array.from({ length: 30 }, (_, number) => `history ${number + 1}`)
    for (const text of texts) await anna.ask('messages:send', { roomId: 'lobby', text, clientId: text })
    await anna.seesState('history 30', 'Stored')
    await ben.close()
    const cara = await users.open('cara')
    await cara.sees('history 30')
    await cara.until(async () => { expect(await cara.texts()).toEqual(texts) })
  })

  test('are told of unread messages in rooms they do not look at', async () => {
    const [anna, ben] = [await users.open('anna', { preset: { rooms: ['lobby', 'kitchen'] } }), await users.open('ben', { preset: { rooms: ['lobby', 'kitchen'] } })]
    await Promise.all([anna.untilOnline(), ben.untilOnline()])
    await ben.page.getByRole('button', { name: /^lobby/ }).click()
    await anna.page.getByRole('button', { name: /^kitchen/ }).click()
    await anna.say('soup is ready')
    await ben.page.getByRole('button', { name: /^kitchen.*1 unread message/ }).click()
    await ben.sees('soup is ready')
    await ben.until(async () => { expect((await ben.ask('state:get', null)).rooms.find(({ id }) => id === 'kitchen')?.unread).toBe(0) })
  })
})
