import { expect, test } from 'vitest'
import { describeApp } from '../helpers/describe-app.js'
import { quantile, tellFigure } from '../helpers/figures.js'
import { writeLargeRoom } from '../helpers/large-room.js'
import { useUsers } from '../helpers/users.js'
import { join } from 'node:path'

const numMessages = 100_000

describeApp('a room of 100 000 messages', () => {
  const users = useUsers()

  test('opens at its newest message', async () => {
    writeLargeRoom(join(users.folder(), 'anna'), 'archive', numMessages)
    const anna = await users.open('anna', { preset: { rooms: [] } })
    await anna.ask('rooms:join', { nameOrLink: 'small' })
    const durations: number[] = []
    for (let round = 0; round < 5; round++) {
      await anna.page.getByRole('button', { name: /^small/ }).click()
      await anna.page.getByRole('heading', { level: 1, name: 'small' }).waitFor()
      durations.push(await anna.page.evaluate(openRoom, `message ${numMessages} of`))
    }
    await anna.sees(`message ${numMessages} of`)
    tellFigure('demo.open-large-room', quantile(durations, 0.5), 'ms', 'under 300 ms')
    expect(await anna.page.getByRole('main').getByText('100,000 messages').isVisible()).toBe(true)
  })

  test('holds only what is on the screen in the page', async () => {
    writeLargeRoom(join(users.folder(), 'anna'), 'archive', numMessages)
    const anna = await users.open('anna', { preset: { rooms: [] } })
    await anna.sees(`message ${numMessages} of`)
    expect(await anna.page.getByRole('listitem').count()).toBeLessThan(200)
  })

  test('scrolls to its first message and back', async () => {
    writeLargeRoom(join(users.folder(), 'anna'), 'archive', numMessages)
    const anna = await users.open('anna', { preset: { rooms: [] } })
    await anna.sees(`message ${numMessages} of`)
    await anna.message(`message ${numMessages} of`).click()
    await anna.page.keyboard.press('Home')
    await anna.sees('message 1 of')
    await anna.page.keyboard.press('End')
    await anna.sees(`message ${numMessages} of`)
  })

  test('gives each of its windows at once', async () => {
    writeLargeRoom(join(users.folder(), 'anna'), 'archive', numMessages)
    const anna = await users.open('anna', { preset: { rooms: [] } })
    await anna.until(async () => { expect((await anna.node()).phase).toBe('connecting') })
    const durations: number[] = []
    for (const from of [0, 25_000, 49_999, 50_001, 75_000, 99_900]) {
      const [took, texts] = await anna.page.evaluate(async (start) => {
        const began = performance.now()
        const result = await window.chat.request('messages:window', { roomId: 'archive', from: start, limit: 100 })
        return [performance.now() - began, result.ok ? result.value.messages.map(({ text }) => text.split(' ')[1]) : []] as const
      }, from)
      expect(texts).toEqual(Array.from({ length: 100 }, (_, index) => String(from + index + 1)))
      durations.push(took)
    }
    tellFigure('demo.window-of-large-room', Math.max(...durations), 'ms at most', 'an instant')
  })
})

/** Clicks the room and waits, frame by frame, until its newest message is painted. */
async function openRoom (text: string): Promise<number> {
  const button = [...document.querySelectorAll('button')].find((each) => each.textContent.startsWith('archive') || each.textContent.includes('archive'))
  const began = performance.now()
  button?.click()
  const isThere = (): boolean => [...document.querySelectorAll('[role=group] [role=listitem], [role=group] li')].some((item) => item.textContent.includes(text))
  for (let frame = 0; frame < 600 && !isThere(); frame++) await new Promise(requestAnimationFrame)
  await new Promise(requestAnimationFrame)
  return performance.now() - began
}
