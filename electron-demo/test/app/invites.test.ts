import { expect, test } from 'vitest'
import { describeApp } from '../helpers/describe-app.js'
import { useUsers } from '../helpers/users.js'

describeApp('an invite link', () => {
  const users = useUsers()

  test('leads into the room, after the user has agreed', async () => {
    const [anna, ben] = [await users.open('anna', { preset: { rooms: ['garden'] } }), await users.open('ben')]
    await Promise.all([anna.untilOnline(), ben.untilOnline()])
    const { link } = await anna.ask('rooms:invite', { roomId: 'garden' })
    // As the system hands it to an app that runs.
    await ben.app.evaluate(({ app }, url) => { app.emit('second-instance', {}, ['chat', url], '/', null) }, link)
    const dialog = ben.page.getByRole('dialog', { name: /invited|Join/ })
    await dialog.waitFor()
    expect((await ben.ask('state:get', null)).rooms.map(({ id }) => id)).toEqual(['lobby'])
    await dialog.getByRole('button', { name: 'Join', exact: true }).click()
    await ben.page.getByRole('heading', { level: 1, name: 'garden' }).waitFor()
    await anna.say('welcome to the garden')
    await ben.sees('welcome to the garden')
  })

  test('is copied to the clipboard', async () => {
    const anna = await users.open('anna')
    await anna.page.getByRole('button', { name: 'Copy invite link' }).click()
    await anna.until(async () => {
      expect(await anna.app.evaluate(({ clipboard }) => clipboard.readText())).toBe('nwaku-chat://join?room=lobby&network=local&from=anna')
    })
  })

  test('that is damaged is refused with words, and joins nothing', async () => {
    const anna = await users.open('anna')
    const bad = ['nwaku-chat://join', 'nwaku-chat://leave?room=x', 'nwaku-chat://join?room=a%2Fb', 'nwaku-chat://join?room=x&network=moon', 'nwaku-chat://join?room=x&network=custom&cluster=70000&shards=8',
      'nwaku-chat://join?room=x&network=custom&cluster=1&shards=8&peer=nobody', 'https://example.org/join?room=x', `nwaku-chat://join?room=${'x'.repeat(5000)}`, 'nwaku-chat://join?room=%E2%80%AE']
    for (const link of bad) expect(await anna.try('rooms:join', { nameOrLink: link }), link.slice(0, 80)).toMatchObject({ ok: false, error: { code: 'CHAT_INVALID_LINK' } })
    await anna.page.getByRole('button', { name: 'Join a room' }).click()
    await anna.page.getByRole('textbox', { name: 'Name or invite link' }).fill('nwaku-chat://join?room=')
    await anna.page.getByRole('dialog').getByRole('button', { name: 'Join', exact: true }).click()
    await anna.page.getByRole('dialog').getByText(/link/i).first().waitFor()
    expect((await anna.ask('state:get', null)).rooms.map(({ id }) => id)).toEqual(['lobby'])
  })

  test('for another network says so', async () => {
    const anna = await users.open('anna')
    expect(await anna.try('rooms:join', { nameOrLink: 'nwaku-chat://join?room=x&network=public' })).toMatchObject({ ok: false, error: { code: 'CHAT_OTHER_NETWORK', details: { clusterId: 1, ownClusterId: 0 } } })
  })
})
