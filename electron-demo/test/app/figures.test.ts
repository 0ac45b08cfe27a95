import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ChatUser } from '../helpers/chat-user.js'
import { CommandLineChat } from '../helpers/command-line.js'
import { describeApp } from '../helpers/describe-app.js'
import { quantile, tellFigure } from '../helpers/figures.js'
import { frameStatistics } from '../helpers/trace-frames.js'
import { useUsers } from '../helpers/users.js'

describeApp('how fast the chat is', () => {
  const users = useUsers()

  test('from a click to the own bubble, and to that of the other window', async () => {
    const [anna, ben] = await users.pair()
    const own: number[] = []
    const other: number[] = []
    await sendByClick(anna, ben, 'warm-up')
    for (let round = 0; round < 40; round++) {
      const [ownMs, otherMs] = await sendByClick(anna, ben, `round ${round}.`)
      own.push(ownMs)
      other.push(otherMs)
    }
    expect(await ben.texts()).toHaveLength(41)
    tellFigure('demo.own-bubble', quantile(own, 0.95), 'ms at p95', 'under 50 ms')
    tellFigure('demo.other-bubble', quantile(other, 0.95), 'ms at p95', 'under 150 ms')
  })

  test('when 200 messages a second come in', async () => {
    const ben = await users.open('ben')
    const sender = await commandLineBeside(ben)
    const [rate, seconds] = [200, 8]
    const { droppedPercent, partialPercent, framesPerSecond } = await frameStatistics(ben, async () => await flood(sender, rate, seconds))
    await ben.until(async () => { expect((await ben.ask('state:get', null)).rooms[0]?.count).toBe(rate * seconds) })
    tellFigure('demo.dropped-frames', droppedPercent, '% of frames', 'under 5 %')
    tellFigure('demo.late-frames', partialPercent, '% of frames, in which the messages come one later', 'few')
    tellFigure('demo.frames', framesPerSecond, 'frames/s', '60')
  })

  test('from its start to its window', async () => {
    const durations: number[] = []
    for (let round = 0; round < 3; round++) {
      const began = performance.now()
      const anna = await users.open('anna')
      await anna.composer.waitFor()
      durations.push(performance.now() - began)
      await anna.close()
    }
    tellFigure('demo.window', quantile(durations, 0.5), 'ms', 'under 2 s')
    expect(durations).toHaveLength(3)
  })

  test('when it does nothing', async () => {
    const [anna] = await users.pair()
    const pid = anna.app.process().pid ?? 0
    const percent = process.platform === 'linux' ? await cpuPercent(pid, 10_000) : NaN
    tellFigure('demo.idle-main', percent, '% of a core', 'under 1 %')
    expect(pid).toBeGreaterThan(0)
  })
})

/** Types a text, clicks, and takes the time until it is painted in both windows, whose clocks are one. */
async function sendByClick (anna: ChatUser, ben: ChatUser, text: string): Promise<[number, number]> {
  const seen = ben.page.evaluate(untilPainted, text)
  await anna.composer.fill(text)
  await anna.page.evaluate(`window.untilPainted = ${untilPainted.toString()}`)
  const { clickedAt, paintedAt } = await anna.page.evaluate(async (wanted) => {
    const wait = (window as unknown as { untilPainted: (text: string) => Promise<number> }).untilPainted
    const button = document.querySelector<HTMLButtonElement>('form button[type=submit], button[aria-label=Send]')
    const painted = wait(wanted)
    const began = performance.timeOrigin + performance.now()
    button?.click()
    return { clickedAt: began, paintedAt: await painted }
  }, text)
  return [paintedAt - clickedAt, await seen - clickedAt]
}

/** Resolves after the frame in which a text is among the messages, with the time since the Unix epoch. */
async function untilPainted (text: string): Promise<number> {
  return await new Promise((resolve) => {
    const look = (): boolean => [...document.querySelectorAll('[role=group] [role=listitem], [role=group] li')].some((item) => item.textContent.includes(text))
    const done = (): void => { requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())) }
    if (look()) {
      done()
      return
    }
    const observer = new MutationObserver(() => {
      if (!look()) return
      observer.disconnect()
      done()
    })
    observer.observe(document.body, { childList: true, subtree: true, characterData: true })
  })
}

/** Starts a chat of the command line in the same room: a sender that takes no processor time for a window. */
async function commandLineBeside (user: ChatUser): Promise<CommandLineChat> {
  const address = await user.until(async () => {
    const [first] = (await user.node()).addresses
    if (first === undefined) throw new Error('no address yet')
    return first
  })
  const sender = CommandLineChat.start('--connect', address, '--nick', 'sender', '--host', '127.0.0.1')
  await sender.prints(/you are sender/)
  return sender
}

/** Sends so many messages a second, evenly. */
async function flood (sender: CommandLineChat, rate: number, seconds: number): Promise<void> {
  const began = performance.now()
  const total = rate * seconds
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor((performance.now() - began) / 1000 * rate) + 1)
    for (; sent < due; sent++) sender.say(`message ${sent} of a flood, of the length that people write`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Measures the processor time that a process takes, in percent of one core. */
async function cpuPercent (pid: number, ms: number): Promise<number> {
  const ticks = (): number => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
    return Number(fields[11]) + Number(fields[12])
  }
  const before = ticks()
  await new Promise((resolve) => setTimeout(resolve, ms))
  return (ticks() - before) * 10 / ms * 100
}
