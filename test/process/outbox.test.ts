import { describe, expect, test } from 'vitest'
import { Deadline } from '../../src/deadline.js'
import { WakuError } from '../../src/errors.js'
import { expectRejection } from '../helpers/expect-rejection.js'
import { makeMessage } from '../helpers/make-message.js'
import { untilEqual } from '../helpers/until.js'
import { noSignal, startScripted, type Scripted } from './helpers/scripted.js'

describe('a message that is published', () => {
  test('while there is no process is sent by the next, in order', async () => {
    const scripted = await startScripted()
    await loseProcess(scripted)
    await Promise.all(Array.from({ length: 500 }, async (_, number) => await publish(scripted, `${number}`)))
    expect(published(scripted)).toEqual(Array.from({ length: 500 }, (_, number) => `${number}`))
  })

  test('and not answered when the process ends is sent again, before what comes later', async () => {
    const scripted = await startScripted()
    await scripted.backend.ping('hold', noSignal)
    const first = [publish(scripted, 'one'), publish(scripted, 'two')]
    await scripted.backend.getEnr()
    await loseProcess(scripted)
    await Promise.all([...first, publish(scripted, 'three')])
    expect(published(scripted)).toEqual(['one', 'two', 'three'])
  })

  test('and accepted just before the process ends is sent again', async () => {
    const scripted = await startScripted()
    await publish(scripted, 'one')
    await loseProcess(scripted)
    await publish(scripted, 'two')
    expect(published(scripted)).toEqual(['one', 'one', 'two'])
  })

  test('is sent again as it was, whatever the application does with what it was delivered', async () => {
    const scripted = await startScripted()
    await publish(scripted, 'one')
    await untilEqual(() => scripted.told.message.length, 1)
    scripted.told.message[0]?.message.payload.fill(0)
    await loseProcess(scripted)
    await publish(scripted, 'two')
    expect(published(scripted)).toEqual(['one', 'one', 'two'])
  })

  test('has the time that those before it take', async () => {
    const scripted = await startScripted()
    const deadline = new Deadline()
    const before = performance.now()
    await Promise.all([publish(scripted, 'one'), publish(scripted, 'two', deadline)])
    expect(deadline.movedAt).toBeGreaterThan(before)
  })

  test('is refused when too many wait', async () => {
    const scripted = await startScripted({ process: { maxOutboxMessages: 3 } })
    await scripted.backend.ping('hold', noSignal)
    const waiting = ['one', 'two', 'three'].map(async (text) => await publish(scripted, text))
    await expectRejection(publish(scripted, 'four'), 'WAKU_QUEUE_FULL', { queue: 'outbox', limit: 3 })
    await loseProcess(scripted)
    await Promise.all(waiting)
    await publish(scripted, 'five')
  })

  test('is refused when too many bytes wait', async () => {
    const scripted = await startScripted({ process: { maxOutboxBytes: 1000 } })
    await expectRejection(publish(scripted, 'x'.repeat(1001)), 'WAKU_QUEUE_FULL', { queue: 'outbox' })
    await publish(scripted, 'x'.repeat(1000))
  })

  test('and given up while there is no process is not sent', async () => {
    const scripted = await startScripted()
    await loseProcess(scripted)
    const deadline = new Deadline()
    const givenUp = expectRejection(publish(scripted, 'one', deadline), 'WAKU_ABORTED')
    const kept = publish(scripted, 'two')
    deadline.pass(new WakuError('WAKU_ABORTED', 'enough', { operation: 'publish' }))
    await Promise.all([givenUp, kept])
    expect(published(scripted)).toEqual(['two'])
  })

  test('and ends the process each time is rejected, and what waits with it is sent', async () => {
    const scripted = await startScripted()
    const poison = expectRejection(publish(scripted, 'poison'), 'WAKU_BACKEND_LOST', { operation: 'publish', code: 4 })
    const sound = publish(scripted, 'sound')
    await Promise.all([poison, sound])
    expect(scripted.told.exited).toHaveLength(3)
    expect(published(scripted)).toContain('sound')
  })

  test('that no peer takes is refused at once, as long as no process was lost', async () => {
    const scripted = await startScripted()
    await expectRejection(publish(scripted, 'refused'), 'WAKU_NO_PEERS')
  })

  test('that no peer takes after a process with peers was lost waits for them, and so does what comes later', async () => {
    const scripted = await startScripted()
    await scripted.backend.ping('connect one /ip4/127.0.0.1/tcp/1', noSignal)
    await loseProcess(scripted)
    await Promise.all(['refused at first', 'two', 'three'].map(async (text) => await publish(scripted, text)))
    expect(published(scripted)).toEqual(['refused at first', 'two', 'three'])
  })

  test('is the copy of what was handed over, whatever becomes of that', async () => {
    const scripted = await startScripted()
    const payload = Buffer.from('before')
    const { message, pubsubTopic, messageHash } = makeMessage({ payload })
    const sent = scripted.backend.publish(message, pubsubTopic, messageHash, new Deadline())
    payload.write('after ')
    await sent
    expect(published(scripted)).toEqual(['before'])
  })
})

async function publish ({ backend }: Scripted, text: string, deadline = new Deadline()): Promise<void> {
  const { message, pubsubTopic, messageHash } = makeMessage({ payload: Buffer.from(text) })
  await backend.publish(message, pubsubTopic, messageHash, deadline)
}

async function loseProcess ({ backend, told }: Scripted): Promise<void> {
  const numLost = told.exited.length
  process.kill(await backend.ping('', noSignal), 'SIGKILL')
  await untilEqual(() => told.exited.length, numLost + 1)
}

function published ({ asked }: Scripted): string[] {
  return asked().filter((line) => line.startsWith('publish ')).map((line) => line.slice('publish '.length))
}
