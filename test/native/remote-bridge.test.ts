import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { isWakuError } from '../../src/errors.js'
import { openRemoteDriver, type RemoteDriver } from '../helpers/remote-driver.js'
import { isAlive, residentBytesOf } from '../process/helpers/processes.js'
import { describeArguments } from './describe-arguments.js'
import { fakeLibrary } from './helpers/libraries.js'
import { makeNode, numbersOf, provoke, textOf, until } from './helpers/nodes.js'

const megabyte = 2 ** 20

async function close ({ driver, child }: RemoteDriver): Promise<void> {
  driver.close()
  child.kill()
  await child.waitForExit(5000)
}

async function openRemote (): Promise<RemoteDriver> {
  const remote = await openRemoteDriver()
  onTestFinished(async () => await close(remote))
  await remote.driver.open(fakeLibrary('b'))
  return remote
}

describe.each(['A', 'B', 'C'] as const)('the bridge of another process, over generation %s,', (generation) => {
  let remote: RemoteDriver
  beforeAll(async () => {
    remote = await openRemoteDriver()
    await remote.driver.open(fakeLibrary(generation.toLowerCase()))
  })
  afterAll(async () => await close(remote))
  describeArguments({ generation, driver: () => remote.driver, node: async (...options) => await makeNode(remote.driver, ...options) })
})

describe('the bridge of another process', () => {
  it('opens the library there, and tells what it is', async () => {
    const { driver } = await openRemote()
    await expect(driver.open(fakeLibrary('b'))).resolves.toMatchObject({ generation: 'B', path: fakeLibrary('b') })
    await expect(driver.open(fakeLibrary('a'))).rejects.toMatchObject({ code: 'WAKU_UNAVAILABLE', details: { attempts: [{ path: fakeLibrary('a') }] } })
    await expect(driver.open('/nowhere/libwaku.so')).rejects.toMatchObject({ code: 'WAKU_UNAVAILABLE', details: { attempts: [{ path: '/nowhere/libwaku.so' }] } })
  })

  it('answers whatever the library answers, early or late', async () => {
    const { driver } = await openRemote()
    const { context } = await makeNode(driver)
    for (const behaviour of ['sync', 'late:30', 'foreign', 'twice']) expect((await provoke(context, behaviour)).code, behaviour).toBe(0)
    await expect(provoke(context, 'silent', 50)).rejects.toMatchObject({ code: 'WAKU_TIMEOUT' })
  })

  it('refuses what the bridge refuses, with the same error', async () => {
    const { driver } = await openRemote()
    const { context } = await makeNode(driver, {}, { maxCalls: 3 })
    await expect(context.call('waku_nothing')).rejects.toMatchObject({ code: 'WAKU_NOT_SUPPORTED' })
    await expect(context.call('waku_version', ['one too many'])).rejects.toMatchObject({ code: 'WAKU_INVALID_ARGUMENT' })
    const open = [1, 2, 3].map(() => provoke(context, 'silent', 500).catch(() => {}))
    await expect(provoke(context, 'sync')).rejects.toMatchObject({ code: 'WAKU_QUEUE_FULL', details: { queue: 'calls', limit: 3 } })
    await Promise.all(open)
    await context.destroy()
    await expect(context.call('waku_version')).rejects.toMatchObject({ code: 'WAKU_CLOSED' })
    await expect(makeNode(driver, { 'fake:create': 'error' })).rejects.toMatchObject({ code: 'WAKU_LIBRARY_ERROR', details: { libraryMessage: 'fake error' } })
  })

  it('gives back thousands of answers, each to the call it belongs to', async () => {
    const { driver } = await openRemote()
    const nodes = await Promise.all([makeNode(driver), makeNode(driver)])
    const texts = Array.from({ length: 4000 }, () => randomBytes(8).toString('hex'))
    for (let start = 0; start < texts.length; start += 500) {
      const part = texts.slice(start, start + 500)
      const answers = await Promise.all(part.map(async (text, index) => textOf(await (nodes[index % 2] ?? nodes[0]).context.call('waku_content_topic', ['app', 1, text, 'proto']))))
      answers.forEach((answer, index) => { expect(answer).toContain(part[index]) })
    }
  })

  it('tells events in order, those of 100 KiB too', async () => {
    const { driver } = await openRemote()
    const { context, events } = await makeNode(driver)
    await Promise.all([provoke(context, 'flood:5000:300'), provoke(context, 'flood:100:102400')])
    await until('5100 events', () => events.length === 5100)
    expect(numbersOf(events.filter(({ bytes }) => bytes.length < 1000))).toEqual(Array.from({ length: 5000 }, (_, i) => i))
  })

  it('has what a busy application does not take wait there in bounds, and tells what was dropped', async () => {
    const { driver, child } = await openRemote()
    const { context, events, dropped } = await makeNode(driver, {}, { maxEvents: 1000 })
    await provoke(context, 'flood:100:10000')
    const before = residentBytesOf(child.pid ?? 0)
    const flood = provoke(context, 'flood:20000:10000')
    await setImmediate()
    // A turn of the event loop that takes until the flood is over.
    const busyUntil = performance.now() + 1500
    while (performance.now() < busyUntil);
    expect(residentBytesOf(child.pid ?? 0) - before).toBeLessThan(60 * megabyte)
    await flood
    await until('every event received or dropped', () => events.length + dropped() === 20_100)
    expect(dropped()).toBeGreaterThan(0)
  })

  it('ends its process at once when nothing is wanted any more, however long the library takes to let go of a node', async () => {
    const { driver, child, ended } = await openRemote()
    const { context } = await makeNode(driver, { 'fake:destroy': 'hang' })
    await expect(context.destroy({ timeoutMs: 50 })).rejects.toMatchObject({ code: 'WAKU_TIMEOUT' })
    await makeNode(driver)
    child.end()
    // When its application has vanished, it would have to end itself by a signal.
    await expect(ended).resolves.toEqual({ code: 0, signal: null })
  })

  it('closes with the process it is in', async () => {
    const { driver, child } = await openRemote()
    const { context } = await makeNode(driver)
    const call = provoke(context, 'silent').catch((error: unknown) => error)
    child.kill()
    expect(isWakuError(await call, 'WAKU_CLOSED')).toBe(true)
    await child.waitForExit(5000)
    expect(isAlive(child.pid ?? 0)).toBe(false)
    await expect(context.call('waku_version')).rejects.toMatchObject({ code: 'WAKU_CLOSED' })
  })
})
